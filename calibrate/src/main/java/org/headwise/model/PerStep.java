package org.headwise.model;

import java.util.List;
import org.headwise.files.InputRefused;

/** Settings that are one value for all steps, or one for each. */
public final class PerStep {
    private PerStep() {}

    /** The value of one step. */
    public static float at(List<Float> values, int step) {
        return values.size() == 1 ? values.getFirst() : values.get(step);
    }

    /**
     * Refuses lists of another length.
     *
     * @param what the setting, for the message
     * @param unit what a step is called, for example "scale"
     */
    public static void check(String what, List<Float> values, int steps, String unit) {
        if (values.size() != 1 && values.size() != steps) {
            throw new InputRefused(values.size() + " values of " + what + " for " + steps + " " + unit
                    + "s; give one, or one per " + unit);
        }
    }
}
