package org.headwise.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.Guidance;
import org.headwise.tensor.Kernels;
import org.junit.jupiter.api.Test;

/** Against sorting every row, on rows that a search for the largest may stumble over. */
class TopMassTest {
    private static final int[] KEYS = {1, 2, 31, 32, 33, 47, 48, 49, 64, 65, 255, 257, 700};

    @Test
    void equalsSortingWhateverTheRows() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        TopMass top = new TopMass(Kernels.fastest());
        for (int keys : KEYS) {
            for (int round = 0; round < 12; round++) {
                int queries = 1 + random.nextInt(5);
                int stride = keys + random.nextInt(20);
                float[] rows = new float[queries * stride];
                Arrays.fill(rows, Float.NaN);
                for (int q = 0; q < queries; q++) {
                    System.arraycopy(row(keys, round, random), 0, rows, q * stride, keys);
                }
                int first = random.nextInt(keys + 1);
                AttentionBlock block = block(queries, keys, rows, stride);
                top.begin();
                for (int q = 0; q < queries; q++) {
                    top.add(block, q, first);
                }
                for (int i = 0; i < TopMass.COUNTS.length; i++) {
                    String where = "seed " + seed + ", round " + round + ", first " + first + " of " + keys;
                    int count = TopMass.COUNTS[i];
                    assertEquals(sorted(rows, queries, stride, keys, count), top.sums()[i], 1e-12, where);
                    assertEquals(sorted(rows, queries, stride, first, count), top.sumsOfFirst()[i], 1e-12, where);
                }
            }
        }
    }

    private static double sorted(float[] rows, int queries, int stride, int keys, int count) {
        return IntStream.range(0, queries)
                .mapToDouble(q -> {
                    float[] row = Arrays.copyOfRange(rows, q * stride, q * stride + keys);
                    Arrays.sort(row);
                    return IntStream.range(Math.max(0, keys - count), keys)
                            .mapToDouble(i -> row[i])
                            .sum();
                })
                .sum();
    }

    private static float[] row(int keys, int kind, SplittableRandom random) {
        double[] row = new double[keys];
        Arrays.setAll(row, k -> switch (kind % 6) {
            case 0 -> Math.exp(3 * random.nextGaussian());
            case 1 -> 1;
            case 2 -> random.nextInt(3);
            case 3 -> k == keys / 2 ? 1 : 0;
            case 4 -> Math.exp(-40.0 * k / keys);
            default -> k < keys / 2 ? 1e-9 * random.nextDouble() : random.nextInt(4) + random.nextDouble();
        });
        double sum = Arrays.stream(row).sum();
        float[] shares = new float[keys];
        for (int k = 0; k < keys; k++) {
            shares[k] = sum == 0 ? 1f / keys : (float) (row[k] / sum);
        }
        return shares;
    }

    private static AttentionBlock block(int queries, int keys, float[] rows, int stride) {
        return new AttentionBlock(
                RandomAttention.SMALL,
                0,
                Guidance.CONDITIONAL,
                0,
                0,
                0,
                0,
                queries,
                keys,
                List.of(),
                rows,
                stride,
                new double[queries]);
    }
}
