package org.headwise.schedules.evaluate;

import org.headwise.files.InputRefused;
import org.headwise.schedules.HeadKeeps;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;

/**
 * Whether prompts fit into what a schedule for a raster model keeps. A runtime executes it anyway, but where the prompt
 * competes and is longer than that, part of it is lost before the image begins, and a comparison says nothing.
 */
public final class PromptRoom {
    private PromptRoom() {}

    /**
     * Refuses a prompt that does not fit.
     *
     * @param name of the schedule, for the message
     * @param promptTokens tokens of the prompt in the cache
     */
    public static void check(String name, Schedule schedule, String prompt, int promptTokens) {
        for (Rule rule : schedule.rules()) {
            if (rule instanceof HeadKeeps head && !head.keeping().promptKept()) {
                int kept = head.keeping().held(promptTokens, 0);
                if (kept < promptTokens) {
                    throw new InputRefused(name + ": the budget is too small for the prompt \"" + prompt
                            + "\": its " + promptTokens + " tokens compete with those of the image, and kv head "
                            + head.kvHead() + " of layer " + head.layer() + " keeps " + kept
                            + "; plan with a larger budget, or with prompt=kept");
                }
            }
        }
    }
}
