package org.headwise.attention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.tensor.Cases;
import org.headwise.tensor.DType;
import org.junit.jupiter.api.Test;

class FullCacheTest {
    private static final int ROWS = 3;
    private static final List<DType> TYPES = List.of(DType.F32, DType.BF16, DType.F16);

    @Test
    void givesBackWhatWasAppended() {
        for (DType type : TYPES) {
            roundTrip(
                    new Geometry(
                            "scales",
                            2,
                            4,
                            2,
                            5,
                            List.of(new Grid(1, 1), new Grid(2, 2), new Grid(3, 5), new Grid(12, 12))),
                    type);
        }
    }

    @Test
    void joinsStepsOfOneToken() {
        List<Grid> steps = new ArrayList<>(Collections.nCopies(300, new Grid(1, 1)));
        steps.addFirst(new Grid(1, 7));
        for (DType type : TYPES) {
            roundTrip(new Geometry("raster", 2, 2, 2, 3, steps), type);
        }
    }

    private static float[] rounded(float[] numbers, DType type) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = switch (type) {
                case BF16 -> DType.bf16(DType.toBf16(numbers[i]));
                case F16 -> Float.float16ToFloat(Float.floatToFloat16(numbers[i]));
                default -> numbers[i];
            };
        }
        return numbers;
    }

    private static void roundTrip(Geometry geometry, DType type) {
        Cases cases = Cases.fresh();
        int token = geometry.kvHeads() * geometry.headDim();
        FullCache cache = new FullCache(type);
        cache.begin(geometry, ROWS);
        List<float[]> keys = new ArrayList<>();
        List<float[]> values = new ArrayList<>();
        for (int step = 0; step < geometry.steps().size(); step++) {
            for (int layer = 0; layer < geometry.layers(); layer++) {
                float[] k = cases.floats(ROWS * geometry.tokens(step) * token);
                float[] v = cases.floats(k.length);
                cache.append(layer, step, k.clone(), v.clone());
                keys.add(rounded(k, type));
                values.add(rounded(v, type));
            }
            KvView view = cache.view(1, step);
            List<KeyRun> runs = view.runs(0, 0);
            assertEquals(new KeyRun(step, 0, geometry.tokens(step)), runs.getLast());
            assertEquals(
                    geometry.firstToken(step + 1),
                    runs.stream().mapToInt(KeyRun::count).sum());
        }
        for (int layer = 0; layer < geometry.layers(); layer++) {
            KvView view = cache.view(layer, geometry.steps().size() - 1);
            for (int row = 0; row < ROWS; row++) {
                for (int head = 0; head < geometry.kvHeads(); head++) {
                    int count = view.keys(row, head);
                    assertEquals(geometry.totalTokens(), count);
                    int from = cases.upTo(count) - 1;
                    int some = cases.upTo(count - from);
                    float[] expected = expected(geometry, keys, layer, row, head);
                    float[] actual = new float[some * geometry.headDim() + 2];
                    view.copyKeys(row, head, from, some, actual, 1);
                    check(expected, from * geometry.headDim(), actual, cases);
                    expected = expected(geometry, values, layer, row, head);
                    view.copyValues(row, head, from, some, actual, 1);
                    check(expected, from * geometry.headDim(), actual, cases);
                }
            }
        }
        long bytes = 0;
        for (int step = 0; step < geometry.steps().size(); step++) {
            bytes += (long) type.bytes() * 2 * token * geometry.tokens(step) * ROWS * geometry.layers();
            assertEquals(bytes, cache.ledger().peakBytes().get(step));
            assertEquals(bytes, cache.ledger().endBytes().get(step));
        }
        cache.close();
        assertEquals(bytes, cache.ledger().peak());
        assertThrows(IllegalStateException.class, () -> cache.view(0, 0));
        cache.begin(geometry, 1);
        assertEquals(0, cache.ledger().peak());
    }

    /** All tokens of one head, from the appended [rows, tokens, kvHeads, headDim] of every step. */
    private static float[] expected(Geometry geometry, List<float[]> appended, int layer, int row, int head) {
        float[] out = new float[geometry.totalTokens() * geometry.headDim()];
        int at = 0;
        for (int step = 0; step < geometry.steps().size(); step++) {
            float[] source = appended.get(step * geometry.layers() + layer);
            for (int t = 0; t < geometry.tokens(step); t++) {
                int from = ((row * geometry.tokens(step) + t) * geometry.kvHeads() + head) * geometry.headDim();
                System.arraycopy(source, from, out, at, geometry.headDim());
                at += geometry.headDim();
            }
        }
        return out;
    }

    /** @param actual a number that must stay 0, the copied numbers, and another such */
    private static void check(float[] all, int from, float[] actual, Cases cases) {
        float[] wanted = new float[actual.length];
        System.arraycopy(all, from, wanted, 1, actual.length - 2);
        assertArrayEquals(wanted, actual, "seed " + cases.seed());
    }

    @Test
    void refusesStepsOutOfOrderAndWrongSizes() {
        Geometry geometry = new Geometry("scales", 1, 1, 1, 2, List.of(new Grid(1, 1), new Grid(2, 2)));
        FullCache cache = new FullCache();
        assertThrows(IllegalStateException.class, () -> cache.append(0, 0, new float[2], new float[2]));
        cache.begin(geometry, 1);
        assertThrows(IllegalStateException.class, () -> cache.append(0, 1, new float[8], new float[8]));
        assertThrows(IllegalArgumentException.class, () -> cache.append(0, 0, new float[2], new float[3]));
        assertThrows(IllegalStateException.class, () -> cache.view(0, 0));
        assertThrows(IllegalArgumentException.class, () -> cache.begin(geometry, 0));
    }

    @Test
    void aLimitIsNeverPassed() {
        Geometry geometry = new Geometry("test", 2, 2, 2, 3, List.of(new Grid(1, 1), new Grid(2, 2)));
        for (DType type : List.of(DType.F32, DType.BF16)) {
            long all = 2L * 2 * ROWS * 5 * 6 * type.bytes();
            for (long limit : new long[] {all, all - 1}) {
                try (FullCache cache = new FullCache(type, limit)) {
                    cache.begin(geometry, ROWS);
                    for (int step = 0; step < 2; step++) {
                        for (int layer = 0; layer < 2; layer++) {
                            int now = step;
                            int here = layer;
                            float[] numbers = new float[ROWS * geometry.tokens(step) * 6];
                            if (limit < all && step == 1 && layer == 1) {
                                InputRefused refused = assertThrows(
                                        InputRefused.class, () -> cache.append(here, now, numbers, numbers));
                                assertTrue(
                                        refused.getMessage().contains("limit of " + limit + " bytes"),
                                        refused.getMessage());
                            } else {
                                cache.append(here, now, numbers, numbers);
                            }
                        }
                    }
                    assertTrue(cache.ledger().peak() <= limit);
                }
            }
        }
    }

    @Test
    void partsOfABatchShareTheLimitAndTheLedger() {
        Geometry shorter = Geometry.raster("test", 1, 2, 2, 4, new Grid(1, 3));
        Geometry longer = shorter.withPrompt(5);
        long token = 2 * 2 * 4 * 4;
        FullCache cache = new FullCache(DType.F32, 9 * token);
        List<KvCache> parts = cache.parts(2);
        parts.get(0).begin(shorter, 1);
        parts.get(1).begin(longer, 1);
        parts.get(0).append(0, 0, new float[8], new float[8]);
        parts.get(1).append(0, 0, new float[40], new float[40]);
        assertEquals(6 * token, cache.ledger().peak());
        parts.get(0).append(0, 1, new float[8], new float[8]);
        parts.get(1).append(0, 1, new float[8], new float[8]);
        assertEquals(List.of(6 * token, 8 * token), cache.ledger().peakBytes());
        assertEquals(2, parts.get(0).view(0, 1).keys(0, 1));
        assertEquals(6, parts.get(1).view(0, 1).keys(0, 1));
        parts.get(0).append(0, 2, new float[8], new float[8]);
        assertThrows(InputRefused.class, () -> parts.get(1).append(0, 2, new float[8], new float[8]));
        cache.close();
        cache.begin(longer, 1);
        cache.append(0, 0, new float[40], new float[40]);
        assertEquals(5 * token, cache.ledger().peak());
    }

    @Test
    void aCacheForOneLengthSaysSo() {
        KvCache cache = new PrefilledCache(new FullCache(), 1, 1);
        assertEquals(List.of(cache), cache.parts(1));
        String said = assertThrows(InputRefused.class, () -> cache.parts(3)).getMessage();
        assertTrue(said.contains("prompts of one length only, and they have several"), said);
    }
}
