package org.headwise.schedules.compare;

import java.util.List;
import java.util.Random;
import org.headwise.attention.AttentionEngine;
import org.headwise.attention.BatchRow;
import org.headwise.attention.Guidance;
import org.headwise.attention.KvCache;
import org.headwise.attention.Queries;
import org.headwise.attention.Received;
import org.headwise.model.Geometry;
import org.headwise.model.raster.HalfSplitRope;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;

/** Feeds a cache random keys, values and queries, in the order in which a model does. */
final class RandomGeneration {
    private RandomGeneration() {}

    private record Shown(Tensor attending, float scale) implements Queries {
        @Override
        public Tensor projected(int[] tokens) {
            Tensor some = Tensor.zeros(attending.dim(0), tokens.length, attending.dim(2), attending.dim(3));
            int size = attending.dim(2) * attending.dim(3);
            for (int i = 0; i < attending.dim(0) * tokens.length; i++) {
                int from = i / tokens.length * attending.dim(1) + tokens[i % tokens.length];
                System.arraycopy(attending.data(), from * size, some.data(), i * size, size);
            }
            return some;
        }
    }

    static void run(KvCache cache, Geometry geometry, int rows, Random random) {
        cache.begin(geometry, rows);
        try (Engine engine = Engine.scalar(1)) {
            AttentionEngine attention = new AttentionEngine(engine);
            for (int step = 0; step < geometry.steps().size(); step++) {
                for (int layer = 0; layer < geometry.layers(); layer++) {
                    run(cache, attention, geometry, rows, layer, step, random);
                }
            }
        }
    }

    private static void run(
            KvCache cache, AttentionEngine attention, Geometry geometry, int rows, int layer, int step, Random random) {
        int tokens = geometry.tokens(step);
        int numbers = rows * tokens * geometry.kvHeads() * geometry.headDim();
        cache.append(layer, step, floats(random, numbers), floats(random, numbers));
        float[] bare = floats(random, rows * tokens * geometry.heads() * geometry.headDim());
        Tensor queries = Tensor.of(bare, rows, tokens, geometry.heads(), geometry.headDim());
        Received received = cache.receives(layer, step);
        if (received != null) {
            attention.attend(cache.view(layer, step), queries, 0.7f, AttentionEngine.Order.ALL, null, received);
        }
        if (cache.wantsQueries(layer, step)) {
            cache.queries(layer, step, new Shown(queries, 0.7f));
        }
        cache.attended(layer, step);
    }

    /** The same for a raster model, with guidance and really attending. */
    static void raster(KvCache cache, Geometry geometry, Engine engine, Random random) {
        AttentionEngine attention = new AttentionEngine(engine);
        int dim = geometry.headDim();
        List<BatchRow> rows = List.of(new BatchRow(0, Guidance.CONDITIONAL), new BatchRow(0, Guidance.UNCONDITIONAL));
        cache.begin(geometry, rows, new HalfSplitRope(geometry.totalTokens(), dim, 50).keyTurn());
        for (int step = 0; step < geometry.steps().size(); step++) {
            int tokens = geometry.tokens(step);
            for (int layer = 0; layer < geometry.layers(); layer++) {
                int numbers = 2 * tokens * geometry.kvHeads() * dim;
                cache.append(layer, step, floats(random, numbers), floats(random, numbers));
                float[] queries = floats(random, 2 * tokens * geometry.heads() * dim);
                attention.attend(
                        cache.view(layer, step),
                        Tensor.of(queries, 2, tokens, geometry.heads(), dim),
                        (float) (1 / Math.sqrt(dim)),
                        AttentionEngine.Order.CAUSAL,
                        null,
                        cache.receives(layer, step));
                cache.attended(layer, step);
            }
        }
    }

    private static float[] floats(Random random, int count) {
        float[] out = new float[count];
        for (int i = 0; i < count; i++) {
            out[i] = (float) random.nextGaussian();
        }
        return out;
    }
}
