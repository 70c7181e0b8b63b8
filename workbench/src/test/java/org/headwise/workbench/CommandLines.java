package org.headwise.workbench;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits a shell command line into words: blanks separate, single and double quotes hold together. */
final class CommandLines {
    private static final Pattern WORD = Pattern.compile("(?:[^\\s\"']+|\"[^\"]*\"|'[^']*')+");

    private CommandLines() {}

    static String[] split(String line) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            words.add(matcher.group().replaceAll("[\"']", ""));
        }
        return words.toArray(String[]::new);
    }
}
