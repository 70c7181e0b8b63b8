package org.headwise.workbench;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.headwise.files.InputRefused;
import org.headwise.schedules.Method;
import org.headwise.schedules.Methods;
import org.headwise.schedules.Option;

/**
 * A method with options of its own, as a list of methods names it: {@code scalekv:allocation=released}.
 *
 * @param label the text that names it in tables
 * @param options those named with it
 */
record MethodChoice(String label, Method method, Map<String, String> options) {
    /** Reads {@code NAME} or {@code NAME:OPTION=VALUE:...}. */
    static MethodChoice parse(String text) {
        String[] parts = text.strip().split(":", -1);
        Method method = Methods.named(parts[0]);
        Map<String, String> options = new TreeMap<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals < 1 || options.put(parts[i].substring(0, equals), parts[i].substring(equals + 1)) != null) {
                throw new InputRefused("\"" + text + "\" is no method with options, expected NAME or"
                        + " NAME:OPTION=VALUE:OPTION=VALUE with every option once");
            }
        }
        method.resolve(options);
        return new MethodChoice(text.strip(), method, options);
    }

    /** All options: of those given for every method the ones that this one has, and its own above them. */
    Map<String, String> over(Map<String, String> common) {
        Map<String, String> all = new TreeMap<>(common);
        all.keySet().retainAll(names());
        all.putAll(options);
        return all;
    }

    List<String> names() {
        return method.options().stream().map(Option::name).toList();
    }
}
