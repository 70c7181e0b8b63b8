package org.headwise.checkpoint;

import java.util.Collection;
import java.util.stream.Collectors;

/** Lists of names within a sentence: all of them, or the first few and how many more. */
final class Names {
    private static final int SHOWN = 12;

    private Names() {}

    static String of(Collection<String> names) {
        String shown = names.stream().limit(SHOWN).collect(Collectors.joining(", "));
        return names.size() <= SHOWN ? shown : shown + " and " + (names.size() - SHOWN) + " more";
    }
}
