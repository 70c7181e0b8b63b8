package org.headwise.checkpoint;

import java.util.Collection;
import java.util.stream.Collectors;

/** Names within a sentence: all of them, or the first few and how many more. */
final class Names {
    private static final int SHOWN = 12;
    private static final int LONGEST = 400;

    private Names() {}

    static String of(Collection<String> names) {
        return of(names, SHOWN);
    }

    static String of(Collection<String> names, int most) {
        String shown = names.stream().limit(most).collect(Collectors.joining(", "));
        return names.size() <= most ? shown : shown + " and " + (names.size() - most) + " more";
    }

    /** A text from a file within a sentence: one line, printable, not too long. */
    static String shown(String text) {
        String start = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
        StringBuilder clean = new StringBuilder();
        start.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }
}
