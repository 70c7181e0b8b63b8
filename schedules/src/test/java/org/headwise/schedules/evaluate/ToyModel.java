package org.headwise.schedules.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.headwise.attention.AttentionObserver;
import org.headwise.attention.KvCache;
import org.headwise.attention.KvView;
import org.headwise.datasets.Picture;
import org.headwise.model.Generation;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.model.ImageModel;
import org.headwise.model.Request;
import org.headwise.model.Sampling;

/** A model of two layers with random weights that really attends through the cache: what it sees decides its bits. */
final class ToyModel implements ImageModel {
    static final Geometry GEOMETRY =
            new Geometry("toy", 2, 2, 2, 4, List.of(new Grid(1, 1), new Grid(2, 2), new Grid(3, 3), new Grid(4, 4)));

    private final int breakAt;
    private int generations;

    /** @param breakAt the generation that fails, counted from 0; negative for none */
    ToyModel(int breakAt) {
        this.breakAt = breakAt;
    }

    int generations() {
        return generations;
    }

    @Override
    public Geometry geometry() {
        return GEOMETRY;
    }

    @Override
    public Sampling sampling() {
        return new Sampling(1, 1, 1, 0);
    }

    @Override
    public Generation generate(Request request, KvCache cache, AttentionObserver observer) {
        if (generations++ == breakAt) {
            throw new IllegalStateException("the power went");
        }
        cache.begin(GEOMETRY, 1);
        List<int[]> ids = new ArrayList<>();
        List<float[]> logits = new ArrayList<>();
        long state =
                request.seeds().getFirst() * 31 + request.prompts().getFirst().hashCode();
        for (int step = 0; step < GEOMETRY.steps().size(); step++) {
            int tokens = GEOMETRY.tokens(step);
            float[] scores = new float[tokens];
            for (int layer = 0; layer < GEOMETRY.layers(); layer++) {
                SplittableRandom random = new SplittableRandom(state * 1000 + step * 10 + layer);
                int numbers = tokens * GEOMETRY.kvHeads() * GEOMETRY.headDim();
                float[] queries = numbers(random, numbers);
                cache.append(layer, step, numbers(random, numbers), numbers(random, numbers));
                KvView view = cache.view(layer, step);
                for (int token = 0; token < tokens; token++) {
                    for (int head = 0; head < GEOMETRY.kvHeads(); head++) {
                        scores[token] += attend(view, queries, token, head);
                    }
                }
                cache.attended(layer, step);
            }
            float[] stepLogits = new float[tokens * 2];
            int[] stepIds = new int[tokens];
            for (int token = 0; token < tokens; token++) {
                stepLogits[token * 2 + 1] = scores[token];
                stepIds[token] = scores[token] > 0 ? 1 : 0;
            }
            stepIds =
                    step < request.forced().size() ? request.forced().get(step).clone() : stepIds;
            for (int id : stepIds) {
                state = state * 31 + id;
            }
            ids.add(stepIds);
            logits.add(stepLogits);
        }
        return new Generation(
                ids,
                2,
                request.keepLogits() ? logits : List.of(),
                request.decode() ? List.of(picture(ids.getLast())) : List.of(),
                1);
    }

    private static float attend(KvView view, float[] queries, int token, int head) {
        int dim = view.headDim();
        int keys = view.keys(0, head);
        float[] key = new float[keys * dim];
        float[] value = new float[keys * dim];
        view.copyKeys(0, head, 0, keys, key, 0);
        view.copyValues(0, head, 0, keys, value, 0);
        double weights = 0;
        double sum = 0;
        for (int k = 0; k < keys; k++) {
            double dot = 0;
            double out = 0;
            for (int d = 0; d < dim; d++) {
                dot += queries[(token * GEOMETRY.kvHeads() + head) * dim + d] * key[k * dim + d];
                out += value[k * dim + d];
            }
            weights += Math.exp(dot);
            sum += Math.exp(dot) * out;
        }
        return (float) (sum / weights);
    }

    private static float[] numbers(SplittableRandom random, int count) {
        float[] out = new float[count];
        for (int i = 0; i < count; i++) {
            out[i] = (float) random.nextGaussian();
        }
        return out;
    }

    private static Picture picture(int[] bits) {
        byte[] rgb = new byte[16 * 16 * 3];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (bits[i / 3 / 16 / 4 * 4 + i / 3 % 16 / 4] * 200);
        }
        return new Picture(16, 16, rgb);
    }

    @Override
    public void close() {}
}
