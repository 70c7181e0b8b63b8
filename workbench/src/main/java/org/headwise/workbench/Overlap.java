package org.headwise.workbench;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.headwise.datasets.PromptOverlap;
import org.headwise.datasets.PromptSet;
import org.headwise.files.InputRefused;

/** Keeps prompts that a calibration has seen out of an evaluation, where they would flatter the schedule. */
final class Overlap {
    private Overlap() {}

    /**
     * Prompts of the evaluation that a calibration behind one of the schedules used.
     *
     * @param session is told which schedules do not say what they were calibrated on
     */
    static List<String> of(PromptSet prompts, List<PlannedSchedule> schedules, Session session) {
        Set<String> digests = new LinkedHashSet<>();
        List<String> silent = new ArrayList<>();
        for (PlannedSchedule planned : schedules) {
            List<String> known = planned.schedule().provenance().calibrationPrompts();
            digests.addAll(known);
            if (known.isEmpty()) {
                silent.add(planned.name());
            }
        }
        if (!silent.isEmpty()) {
            session.say("note: " + String.join(", ", silent) + (silent.size() == 1 ? " does" : " do")
                    + " not say which prompts the calibration used, so nobody can tell whether these are others");
        }
        return PromptOverlap.seen(prompts.prompts(), digests);
    }

    /** Refuses an evaluation on such prompts. */
    static void refuse(List<String> seen, PromptSet prompts) {
        if (!seen.isEmpty()) {
            throw new InputRefused(seen.size() + " of the " + prompts.prompts().size() + " prompts of " + prompts.name()
                    + " were used for the calibration, the first is \"" + seen.getFirst()
                    + "\"; evaluate on others, or give --allow-overlap if that is meant");
        }
    }
}
