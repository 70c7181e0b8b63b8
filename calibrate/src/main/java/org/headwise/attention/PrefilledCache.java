package org.headwise.attention;

import java.util.List;
import java.util.Random;
import org.headwise.model.Geometry;

/**
 * A cache that takes random keys and values for the first steps of a generation as soon as it is begun, through the same
 * calls that a model makes: what it then holds in memory is what it would hold in the middle of an image, without the
 * time to get there. Only for timing.
 */
public final class PrefilledCache implements CacheAround {
    /** Numbers are cut out of one array at random places: drawing them anew would take longer than what is timed. */
    private static final int NUMBERS = 1 << 20;

    private final KvCache cache;
    private final int steps;
    private final Random random;
    private final float[] numbers = new float[NUMBERS];

    /** @param steps to be filled */
    public PrefilledCache(KvCache cache, int steps, long seed) {
        this.cache = cache;
        this.steps = steps;
        this.random = new Random(seed);
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
    }

    @Override
    public KvCache inner() {
        return cache;
    }

    @Override
    public void begin(Geometry geometry, int rows) {
        cache.begin(geometry, rows);
        fill(geometry, rows);
    }

    @Override
    public void begin(Geometry geometry, List<BatchRow> rows, KeyTurn turn) {
        cache.begin(geometry, rows, turn);
        fill(geometry, rows.size());
    }

    private void fill(Geometry geometry, int rows) {
        for (int step = 0; step < steps; step++) {
            int tokens = geometry.tokens(step);
            int count = rows * tokens * geometry.kvHeads() * geometry.headDim();
            for (int layer = 0; layer < geometry.layers(); layer++) {
                cache.append(layer, step, numbers(count), numbers(count));
                Received received = cache.receives(layer, step);
                if (received != null) {
                    attention(geometry, rows, tokens, cache.view(layer, step), received);
                }
                cache.attended(layer, step);
            }
        }
    }

    private float[] numbers(int count) {
        float[] some = new float[count];
        for (int at = 0; at < count; ) {
            int from = random.nextInt(numbers.length);
            int length = Math.min(count - at, numbers.length - from);
            System.arraycopy(numbers, from, some, at, length);
            at += length;
        }
        return some;
    }

    /** What the keys receive is as random as they are. */
    private void attention(Geometry geometry, int rows, int tokens, KvView view, Received received) {
        int group = geometry.heads() / geometry.kvHeads();
        for (int row = 0; row < rows; row++) {
            for (int kvHead = 0; kvHead < geometry.kvHeads(); kvHead++) {
                int keys = view.keys(row, kvHead);
                received.begin(row, kvHead, tokens, keys);
                for (int query = 0; query < tokens * group; query++) {
                    int visible = keys - tokens + query / group + 1;
                    float[] mass = numbers(visible);
                    for (int key = 0; key < visible; key++) {
                        mass[key] = Math.abs(mass[key]) / visible;
                    }
                    received.add(row, kvHead, query / group, tokens, keys, mass, 0, visible);
                }
            }
        }
    }
}
