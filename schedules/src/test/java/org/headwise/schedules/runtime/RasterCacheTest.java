package org.headwise.schedules.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.headwise.attention.AttentionEngine;
import org.headwise.attention.BatchRow;
import org.headwise.attention.Guidance;
import org.headwise.attention.KvView;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.model.raster.HalfSplitRope;
import org.headwise.model.raster.Rotation;
import org.headwise.schedules.HeadKeeps;
import org.headwise.schedules.Keeping;
import org.headwise.schedules.RandomKeepings;
import org.headwise.schedules.Schedule;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;
import org.junit.jupiter.api.Test;

class RasterCacheTest {
    private static final Geometry SMALL = Geometry.raster("test", 2, 4, 2, 8, new Grid(3, 4));

    /** Guided images: rows 2i and 2i + 1. */
    private static List<BatchRow> guided(int images) {
        return IntStream.range(0, 2 * images)
                .mapToObj(row -> new BatchRow(row / 2, Guidance.values()[row % 2]))
                .toList();
    }

    @Test
    void freedIsAsGoodAsMasked() {
        int complete = 0;
        try (Engine engine = Engine.vector(2)) {
            for (long seed = 0; seed < 250; seed++) {
                Random random = new Random(seed);
                Geometry geometry = RandomKeepings.geometry(random);
                try {
                    new Replay(engine, geometry, RandomKeepings.schedule(geometry, random), random, seed).run();
                    complete++;
                } catch (MaskedRaster.NearTie e) {
                    assertTrue(e.getMessage().contains("differ"));
                }
            }
        }
        assertTrue(complete > 225, "only " + complete + " of 250 random runs had clear decisions throughout");
    }

    /** One random generation through the cache, through the engine, and beside it through the plain rules. */
    private static final class Replay {
        private final AttentionEngine attention;
        private final Geometry geometry;
        private final Schedule schedule;
        private final Random random;
        private final String seed;
        private final Rotation rotation;
        private final Storage storage;
        private final int rows;
        private final int pageTokens;
        private final MaskedRaster masked;

        Replay(Engine engine, Geometry geometry, Schedule schedule, Random random, long seed) {
            this.attention = new AttentionEngine(engine);
            this.geometry = geometry;
            this.schedule = schedule;
            this.random = random;
            this.seed = "seed " + seed;
            this.rotation = new HalfSplitRope(geometry.totalTokens(), geometry.headDim(), 50);
            this.storage = Storage.values()[random.nextInt(3)];
            this.rows = 2 * (1 + random.nextInt(2));
            this.pageTokens = random.nextBoolean() ? 1 : 1 + random.nextInt(5);
            this.masked = new MaskedRaster(schedule, geometry, rows, rotation);
        }

        void run() {
            try (RasterCache cache = new RasterCache(schedule, storage, pageTokens, Long.MAX_VALUE, null)) {
                cache.begin(geometry, guided(rows / 2), rotation.keyTurn());
                for (int step = 0; step < geometry.steps().size(); step++) {
                    for (int layer = 0; layer < geometry.layers(); layer++) {
                        step(cache, layer, step);
                    }
                }
                assertEquals(
                        RasterForecast.of(schedule, geometry.promptTokens(), rows, storage, pageTokens),
                        cache.ledger(),
                        seed);
                if (pageTokens == 1) {
                    assertEquals(
                            schedule.predicted(geometry.promptTokens()).bytes(geometry, rows, storage.bytes()),
                            cache.ledger(),
                            seed);
                }
            }
        }

        private void step(RasterCache cache, int layer, int step) {
            int tokens = geometry.tokens(step);
            int first = geometry.firstToken(step);
            int dim = geometry.headDim();
            Tensor q = Tensor.zeros(rows, tokens, geometry.heads(), dim);
            float[] keys = new float[rows * tokens * geometry.kvHeads() * dim];
            float[] values = new float[keys.length];
            float[] bare = numbers(q.size(), 2);
            System.arraycopy(bare, 0, q.data(), 0, bare.length);
            for (int i = 0; i < rows * tokens; i++) {
                rotation.rotate(q.data(), i * geometry.heads() * dim, geometry.heads(), first + i % tokens);
                for (int head = 0; head < geometry.kvHeads(); head++) {
                    float[] key = numbers(dim, 1);
                    float[] value = stored(numbers(dim, 1));
                    int at = (i * geometry.kvHeads() + head) * dim;
                    System.arraycopy(value, 0, values, at, dim);
                    rotation.rotate(key, 0, 1, first + i % tokens);
                    System.arraycopy(stored(key), 0, keys, at, dim);
                    // What is stored is the rotated key: the bare one is that turned back.
                    float[] back = stored(key);
                    rotation.keyTurn().turn(back, 0, -(first + i % tokens));
                    masked.append(layer, i / tokens, head, back, value);
                }
            }
            cache.append(layer, step, keys, values);
            KvView view = cache.view(layer, step);
            if (step > 0) {
                compareSets(view, layer);
            }
            float scale = (float) (1 / Math.sqrt(dim));
            Tensor out =
                    attention.attend(view, q, scale, AttentionEngine.Order.CAUSAL, null, cache.receives(layer, step));
            compareValues(bare, out, layer, step);
            cache.attended(layer, step);
            masked.attended(layer, step);
        }

        private float[] numbers(int count, double width) {
            float[] x = new float[count];
            for (int i = 0; i < count; i++) {
                x[i] = (float) (width * random.nextGaussian());
            }
            return x;
        }

        private float[] stored(float[] x) {
            float[] out = x.clone();
            for (int i = 0; i < x.length; i++) {
                out[i] = switch (storage) {
                    case F32 -> x[i];
                    case BF16 -> DType.bf16(DType.toBf16(x[i]));
                    case F16 -> Float.float16ToFloat(Float.floatToFloat16(x[i]));
                };
            }
            return out;
        }

        private void compareSets(KvView view, int layer) {
            for (int row = 0; row < rows; row++) {
                for (int head = 0; head < geometry.kvHeads(); head++) {
                    List<Integer> found = new ArrayList<>();
                    view.runs(row, head).forEach(run -> {
                        int start = geometry.firstToken(run.step()) + run.firstToken();
                        IntStream.range(start, start + run.count()).forEach(found::add);
                    });
                    assertEquals(view.keys(row, head), found.size(), seed);
                    found.sort(null);
                    assertEquals(masked.visible(layer, row, head), found, seed + " layer " + layer + " head " + head);
                }
            }
        }

        private void compareValues(float[] bare, Tensor out, int layer, int step) {
            int tokens = geometry.tokens(step);
            int group = geometry.heads() / geometry.kvHeads();
            int dim = geometry.headDim();
            for (int i = 0; i < rows * tokens; i++) {
                for (int head = 0; head < geometry.kvHeads(); head++) {
                    float[][] queries = new float[group][dim];
                    int at = (i * geometry.heads() + head * group) * dim;
                    for (int g = 0; g < group; g++) {
                        System.arraycopy(bare, at + g * dim, queries[g], 0, dim);
                    }
                    double[][] expected =
                            masked.attend(layer, i / tokens, head, queries, geometry.firstToken(step) + i % tokens);
                    for (int n = 0; n < group * dim; n++) {
                        assertEquals(expected[n / dim][n % dim], out.data()[at + n], 2e-5, seed + " step " + step);
                    }
                }
            }
        }
    }

    @Test
    void memoryIsReallyReturned() {
        Schedule schedule = RandomKeepings.of(
                SMALL,
                List.of(
                        new HeadKeeps(0, 0, new Keeping.Newest(0, 2, false, false)),
                        new HeadKeeps(0, 1, new Keeping.Newest(0, 2, false, false)),
                        new HeadKeeps(1, 0, new Keeping.Newest(0, 2, false, false)),
                        new HeadKeeps(1, 1, new Keeping.Newest(0, 2, false, false))));
        int prompt = 9;
        try (RasterCache cache = new RasterCache(schedule, Storage.F16, 1, Long.MAX_VALUE, null)) {
            Geometry geometry = SMALL.withPrompt(prompt);
            cache.begin(geometry, guided(1), null);
            for (int step = 0; step < geometry.steps().size(); step++) {
                for (int layer = 0; layer < geometry.layers(); layer++) {
                    float[] numbers = new float[2 * geometry.tokens(step) * 2 * 8];
                    cache.append(layer, step, numbers, numbers);
                    cache.attended(layer, step);
                }
            }
            // Two layers, two heads, two rows, one token left, keys and values of 8 numbers of 2 bytes.
            long end = 2 * 2 * 2 * 2 * 8 * 2;
            assertEquals(end, cache.ledger().endBytes().getFirst());
            assertEquals(end, cache.ledger().endBytes().getLast());
            // Layer 0 is cut before layer 1 reads the prompt.
            assertEquals(end / 2 + end / 2 * prompt, cache.ledger().peak());
        }
    }

    @Test
    void impossibleGenerationsAreRefused() {
        Schedule anew = keeping(new Keeping.Newest(1, 3, false, true));
        assertRefused("lie on the image grid", anew, () -> cache(anew, 1 << 20).begin(SMALL, guided(1), null));
        Schedule paired = keeping(new Keeping.Heaviest(2, 2, true, true, 1));
        assertRefused("without guidance", paired, () -> cache(paired, 1 << 20).begin(SMALL, 2));
        Schedule plain = keeping(new Keeping.Chance(3, 1, false));
        assertRefused(
                "for the prompt of 100 tokens alone",
                plain,
                () -> cache(plain, 30_000).begin(SMALL.withPrompt(100), 2));
        assertRefused(
                "more than its limit of 4000", plain, () -> cache(plain, 4_000).begin(SMALL, 2));
        assertRefused(
                "wrong geometry: layers found 2, expected 3",
                plain,
                () -> cache(plain, 1 << 20).begin(Geometry.raster("test", 3, 4, 2, 8, new Grid(3, 4)), 2));
        Geometry scales = new Geometry("infinity", 2, 4, 2, 8, List.of(new Grid(1, 1), new Grid(2, 2)));
        Schedule other = RandomKeepings.of(scales, List.of());
        assertRefused("no raster model", other, () -> cache(other, 1));
    }

    @Test
    void whoDoesNotSumUpAttentionIsTold() {
        try (RasterCache cache = cache(keeping(new Keeping.Heaviest(2, 2, true, false, 1)), 1 << 20)) {
            cache.begin(SMALL, 1);
            float[] numbers = new float[2 * 8];
            cache.append(0, 0, numbers, numbers);
            assertThrows(IllegalStateException.class, () -> cache.attended(0, 0));
        }
    }

    private static Schedule keeping(Keeping keeping) {
        return RandomKeepings.of(SMALL, List.of(new HeadKeeps(0, 1, keeping)));
    }

    private static RasterCache cache(Schedule schedule, long limit) {
        return new RasterCache(schedule, Storage.F32, 1, limit, null);
    }

    private static void assertRefused(String reason, Schedule schedule, Runnable run) {
        String message = assertThrows(InputRefused.class, run::run).getMessage();
        assertTrue(message.contains(reason), message);
        assertTrue(!message.contains("\n"), schedule.method());
    }

    /** The limit that is forecast suffices, and a byte less does not. */
    @Test
    void theForecastIsTheLeastLimit() {
        for (long seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            Geometry geometry = RandomKeepings.geometry(random);
            Schedule schedule = RandomKeepings.schedule(geometry, random);
            int pageTokens = 1 + random.nextInt(4);
            Rotation rotation = new HalfSplitRope(geometry.totalTokens(), geometry.headDim(), 50);
            long most = RasterForecast.of(schedule, geometry.promptTokens(), 2, Storage.BF16, pageTokens)
                    .peak();
            try (RasterCache cache = new RasterCache(schedule, Storage.BF16, pageTokens, most - 1, null)) {
                assertThrows(
                        InputRefused.class, () -> cache.begin(geometry, guided(1), rotation.keyTurn()), "seed " + seed);
            }
            try (RasterCache cache = new RasterCache(schedule, Storage.BF16, pageTokens, most, null)) {
                cache.begin(geometry, guided(1), rotation.keyTurn());
            }
        }
    }
}
