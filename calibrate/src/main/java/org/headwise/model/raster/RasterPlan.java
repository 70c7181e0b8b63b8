package org.headwise.model.raster;

import java.util.List;
import org.headwise.files.InputRefused;
import org.headwise.model.Grid;
import org.headwise.model.PerStep;
import org.headwise.model.Request;
import org.headwise.model.Sampling;

/**
 * How to make images token by token; lists of one value stand for all steps.
 *
 * @param image token grid of the images
 * @param guided whether there are unconditional rows; without them, guidance must be 1
 */
public record RasterPlan(
        Grid image,
        boolean guided,
        List<Float> guidance,
        List<Float> temperature,
        int topK,
        float topP,
        List<int[]> forced,
        boolean keepLogits) {
    /** What a request asks for; guidance within the layers and negative prompts are refused. */
    public static RasterPlan of(Request request, Grid image, String family) {
        if (request.negativePrompt() != null) {
            throw new InputRefused(family + " has no negative prompts: its unconditional rows are the model's own");
        }
        if (request.guidanceLayers().stream().anyMatch(layer -> layer != 0)) {
            throw new InputRefused(family + " mixes guidance on the logits only, that is at layer 0, not at "
                    + request.guidanceLayers());
        }
        return new RasterPlan(
                image,
                request.guidance().stream().anyMatch(guidance -> guidance != 1),
                request.guidance(),
                request.temperature(),
                request.topK(),
                request.topP(),
                request.forced(),
                request.keepLogits());
    }

    /** The plan of images with the same sampling at every step. */
    public static RasterPlan of(Sampling sampling, Grid image) {
        return new RasterPlan(
                image,
                sampling.guidance() != 1,
                List.of(sampling.guidance()),
                List.of(sampling.temperature()),
                sampling.topK(),
                sampling.topP(),
                List.of(),
                false);
    }

    float guidance(int step) {
        return PerStep.at(guidance, step);
    }

    float temperature(int step) {
        return PerStep.at(temperature, step);
    }

    /** Refuses lists of the wrong length and forced ids that do not exist. */
    void check(int batch, int codes) {
        int steps = image.tokens();
        PerStep.check("guidance", guidance, steps, "step");
        PerStep.check("temperature", temperature, steps, "step");
        for (int step = 0; step < forced.size(); step++) {
            int[] ids = forced.get(step);
            if (step >= steps || ids.length != batch) {
                throw new InputRefused("step " + step + ": " + ids.length + " ids are forced for " + batch
                        + " images of " + steps + " tokens");
            }
            for (int id : ids) {
                if (id < 0 || id >= codes) {
                    throw new InputRefused(
                            "step " + step + ": the forced id " + id + " is none of the " + codes + " image codes");
                }
            }
        }
    }
}
