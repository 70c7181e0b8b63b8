package org.headwise.schedules.methods;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.headwise.files.InputRefused;

/** The options of a method, read as what they must be. */
record Settings(String method, Map<String, String> values) {
    int whole(String name, int least, int most) {
        String text = values.get(name);
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw refused(name, "a whole number from " + least + " to " + most);
        }
        return Integer.parseInt(text);
    }

    long seed(String name) {
        String text = values.get(name);
        if (!text.matches("-?\\d{1,18}")) {
            throw refused(name, "a whole number");
        }
        return Long.parseLong(text);
    }

    double number(String name, double least, double most) {
        String text = values.get(name);
        double number = text.matches("\\d{1,9}(\\.\\d{1,12})?") ? Double.parseDouble(text) : Double.NaN;
        if (!(number >= least && number <= most)) {
            throw refused(name, "a number from " + least + " to " + most);
        }
        return number;
    }

    <E extends Enum<E>> E constant(String name, E[] choices) {
        return Stream.of(choices)
                .filter(choice -> text(choice).equals(values.get(name)))
                .findFirst()
                .orElseThrow(() -> refused(
                        name,
                        String.join(
                                " or ", Stream.of(choices).map(Settings::text).toList())));
    }

    static String text(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    InputRefused refused(String name, String expected) {
        return new InputRefused(method + ": option " + name + " is " + values.get(name) + ", expected " + expected);
    }
}
