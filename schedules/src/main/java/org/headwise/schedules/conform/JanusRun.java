package org.headwise.schedules.conform;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.headwise.attention.AttentionObserver;
import org.headwise.attention.KvCache;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.model.ForwardProbe;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.model.janus.JanusConfig;
import org.headwise.model.janus.JanusGenerator;
import org.headwise.model.raster.RasterOutcome;
import org.headwise.model.raster.RasterPlan;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import tools.jackson.databind.JsonNode;

/** The model and the inputs of a recorded generation of Janus. */
record JanusRun(JanusGenerator generator, List<int[]> prompts, int pad, Grid grid, float guidance) {
    static JanusRun of(RecordedCase recorded, Checkpoint checkpoint, Engine engine) {
        JsonNode inputs = recorded.get("inputs");
        List<int[]> prompts = new ArrayList<>();
        for (JsonNode prompt : inputs.path("prompts")) {
            prompts.add(recorded.integers(prompt).stream()
                    .mapToInt(Integer::intValue)
                    .toArray());
        }
        if (prompts.isEmpty()) {
            throw recorded.refuse("there are no prompts");
        }
        return new JanusRun(
                new JanusGenerator(checkpoint, JanusConfig.read(recorded.file("config")), engine, DType.F32),
                prompts,
                recorded.integer(inputs, "pad_id"),
                new Grid(recorded.integer(inputs, "grid_h"), recorded.integer(inputs, "grid_w")),
                (float) recorded.number(inputs, "cfg_weight"));
    }

    /** Batch rows, conditional and unconditional ones alternating. */
    List<int[]> rows() {
        return JanusGenerator.rows(prompts, pad, true);
    }

    int promptTokens() {
        return prompts.getFirst().length;
    }

    /** With the prompt. */
    Geometry geometry() {
        return generator.geometry(grid).withPrompt(promptTokens());
    }

    /**
     * Generates greedily.
     *
     * @param forced tokens to feed in place of the chosen ones, per step; may be empty
     */
    RasterOutcome generate(List<int[]> forced, KvCache cache, AttentionObserver observer, ForwardProbe probe) {
        RasterPlan plan = new RasterPlan(grid, true, List.of(guidance), List.of(1f), 1, 0, forced, true);
        List<Long> seeds = Collections.nCopies(prompts.size(), 0L);
        return generator.generate(prompts, pad, plan, seeds, cache, observer, probe);
    }

    /** Turns tokens [images, tokens of an image] around. */
    List<int[]> bySteps(int[] tokens) {
        List<int[]> steps = new ArrayList<>();
        for (int step = 0; step < grid.tokens(); step++) {
            int[] ids = new int[prompts.size()];
            for (int image = 0; image < ids.length; image++) {
                ids[image] = tokens[image * grid.tokens() + step];
            }
            steps.add(ids);
        }
        return steps;
    }
}
