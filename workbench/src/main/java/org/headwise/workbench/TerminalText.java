package org.headwise.workbench;

import java.util.List;
import java.util.stream.Collectors;

/** Foreign text made harmless for a terminal: a prompt or a file name must not move the cursor or change colours. */
final class TerminalText {
    private TerminalText() {}

    /** The text on one line: line ends and tabs become spaces, other control and direction characters vanish. */
    static String clean(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '\n' || c == '\r' || c == '\t' || c == 0x2028 || c == 0x2029) {
                clean.append(' ');
            } else if (printable(c)) {
                clean.appendCodePoint(c);
            }
        });
        return clean.toString();
    }

    /** As {@link #clean}, but line ends and tabs stay. */
    static String cleanLines(String text) {
        return text.lines()
                .map(line -> clean(line.replace("\t", "    ")))
                .collect(Collectors.joining(System.lineSeparator()));
    }

    /** The text cut to a number of characters, with an ellipsis where something is missing. */
    static String shorten(String text, int characters) {
        if (text.codePointCount(0, text.length()) <= characters) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, characters - 1)) + "…";
    }

    /** Arguments as one would type them again in a shell, without the program's name. */
    static String commandLine(List<String> arguments) {
        return arguments.stream()
                .map(argument -> argument.matches("[A-Za-z0-9_@%+=:,./-]+")
                        ? argument
                        : "'" + clean(argument).replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }

    private static boolean printable(int c) {
        int type = Character.getType(c);
        return type != Character.CONTROL && type != Character.SURROGATE && !direction(c);
    }

    /** Marks that reorder what follows them on the screen. */
    private static boolean direction(int c) {
        return c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 || c == 0x200e || c == 0x200f || c == 0x061c;
    }
}
