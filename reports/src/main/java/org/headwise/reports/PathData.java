package org.headwise.reports;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes the outline of a path shorter without changing it: level and upright lines are written as such. */
final class PathData {
    private static final Pattern COMMAND = Pattern.compile("([A-Za-z])([^A-Za-z]*)");

    private PathData() {}

    /** The same path; curves and relative commands are kept as they are. */
    static String shortened(String path) {
        StringBuilder out = new StringBuilder();
        String x = "";
        String y = "";
        Matcher command = COMMAND.matcher(path);
        while (command.find()) {
            String[] numbers = command.group(2).strip().split("[, ]+");
            boolean point = numbers.length == 2;
            if (command.group(1).equals("L") && point && numbers[1].equals(y)) {
                out.append('H').append(numbers[0]);
            } else if (command.group(1).equals("L") && point && numbers[0].equals(x)) {
                out.append('V').append(numbers[1]);
            } else {
                out.append(command.group());
            }
            boolean curve = numbers.length > 1;
            x = curve ? numbers[numbers.length - 2] : "";
            y = curve ? numbers[numbers.length - 1] : "";
        }
        return out.toString();
    }
}
