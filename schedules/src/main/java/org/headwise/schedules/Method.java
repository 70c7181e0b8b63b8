package org.headwise.schedules;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.headwise.analysis.Profile;
import org.headwise.files.InputRefused;
import org.headwise.files.Provenance;

/**
 * Turns what a calibration measured, and a budget, into a schedule. A method is one file, a line in
 * {@code META-INF/services} and a subclass of the contract test; it has a constructor without parameters.
 */
public interface Method {
    /** Lower-case name, in files and on the command line. */
    String name();

    /** One line for the list of methods. */
    String describe();

    /** What can be set, with defaults. */
    List<Option> options();

    /**
     * Plans a schedule; equal input gives equal output.
     *
     * @param options by name, those not given take their default
     * @param provenance where the schedule comes from, as its file will say
     * @throws InputRefused if the budget cannot be met, the profile lacks something, or an option makes no sense
     */
    Schedule plan(Profile profile, Budget budget, Map<String, String> options, Provenance provenance);

    /** Every option with the value given or its default; an unknown name is refused. */
    default SortedMap<String, String> resolve(Map<String, String> given) {
        SortedMap<String, String> resolved = new TreeMap<>();
        options().forEach(option -> resolved.put(option.name(), option.standard()));
        given.forEach((name, value) -> {
            if (resolved.replace(name, value) == null) {
                throw new InputRefused("method " + name() + " has no option " + name + ", expected one of "
                        + String.join(", ", options().stream().map(Option::name).toList()));
            }
        });
        return resolved;
    }
}
