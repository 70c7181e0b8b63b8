package org.headwise.calibrate;

import java.util.List;
import org.headwise.attention.AttentionEngine;
import org.headwise.attention.AttentionObserver;
import org.headwise.attention.BatchRow;
import org.headwise.attention.Guidance;
import org.headwise.attention.KvCache;
import org.headwise.attention.Observation;
import org.headwise.datasets.SplitMix64;
import org.headwise.model.Generation;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.model.ImageModel;
import org.headwise.model.Request;
import org.headwise.model.Sampling;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;

/**
 * A test double for the runner: real attention by the engine over queries, keys and values drawn from the prompt and
 * seed. A prompt with "broken" in it gets a NaN in layer 1, head 2 at step 1.
 */
final class SeededAttentionModel implements ImageModel {
    static final Geometry GEOMETRY =
            new Geometry("test", 2, 4, 2, 8, List.of(new Grid(1, 1), new Grid(2, 2), new Grid(3, 3)));

    private final Engine engine;
    private int generated;

    SeededAttentionModel(int threads) {
        engine = Engine.scalar(threads);
    }

    /** How many images were generated so far. */
    int generated() {
        return generated;
    }

    @Override
    public Geometry geometry() {
        return GEOMETRY;
    }

    @Override
    public Sampling sampling() {
        return new Sampling(3, 1, 0, 1);
    }

    @Override
    public Generation generate(Request request, KvCache cache, AttentionObserver observer) {
        List<BatchRow> rows = List.of(new BatchRow(0, Guidance.CONDITIONAL), new BatchRow(0, Guidance.UNCONDITIONAL));
        String prompt = request.prompts().getFirst();
        SplitMix64 random =
                new SplitMix64(31L * prompt.hashCode() + request.seeds().getFirst());
        cache.begin(GEOMETRY, rows.size());
        for (int step = 0; step < GEOMETRY.steps().size(); step++) {
            int tokens = GEOMETRY.tokens(step);
            for (int layer = 0; layer < GEOMETRY.layers(); layer++) {
                int kv = rows.size() * tokens * GEOMETRY.kvHeads() * GEOMETRY.headDim();
                cache.append(layer, step, draw(random, kv), draw(random, kv));
                Tensor queries = Tensor.of(
                        draw(random, rows.size() * tokens * GEOMETRY.heads() * GEOMETRY.headDim()),
                        rows.size(),
                        tokens,
                        GEOMETRY.heads(),
                        GEOMETRY.headDim());
                if (prompt.contains("broken") && layer == 1 && step == 1) {
                    queries.data()[2 * GEOMETRY.headDim()] = Float.NaN;
                }
                new AttentionEngine(engine)
                        .attend(
                                cache.view(layer, step),
                                queries,
                                1,
                                new Observation(GEOMETRY, rows, layer, step, observer));
                cache.attended(layer, step);
            }
        }
        generated++;
        return new Generation(List.of(), 2, List.of(), List.of(), 0);
    }

    private static float[] draw(SplitMix64 random, int count) {
        float[] out = new float[count];
        for (int i = 0; i < count; i++) {
            out[i] = random.below(2001) / 1000f - 1;
        }
        return out;
    }

    @Override
    public void close() {
        engine.close();
    }
}
