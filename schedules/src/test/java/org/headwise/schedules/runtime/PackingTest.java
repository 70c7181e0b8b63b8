package org.headwise.schedules.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.headwise.attention.KvCache;
import org.headwise.datasets.BundledModels;
import org.headwise.files.InputRefused;
import org.headwise.model.Generation;
import org.headwise.model.Geometry;
import org.headwise.model.ImageModel;
import org.headwise.model.Models;
import org.headwise.model.Request;
import org.headwise.model.Sampling;
import org.headwise.schedules.Capacity;
import org.headwise.schedules.HeadKeeps;
import org.headwise.schedules.Keeping;
import org.headwise.schedules.RandomCapacities;
import org.headwise.schedules.RandomKeepings;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.Selector;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bundled models under limits of KV memory. */
class PackingTest {
    private static final List<String> PROMPTS = List.of(
            "a small blue ring in the top left on a gray background",
            "a small ring",
            "a large red circle in the center on a white background",
            "a large green square in the center on a white background",
            "a small circle");
    private static final List<Long> SEEDS = List.of(7L, 8L, 9L, 10L, 11L);

    private static Engine engine;

    @BeforeAll
    static void start() {
        engine = Engine.vector(2);
    }

    @AfterAll
    static void end() {
        engine.close();
    }

    private static ImageModel open(String name) {
        return Models.open(BundledModels.find(name).orElseThrow(), engine, DType.F32);
    }

    /**
     * Heads of a raster model in turn: heavy hitters by each guidance row, by both rows (H2O), a window beside the prompt
     * (SSD's spatial heads), a sink and a window with positions given anew; few tokens in the others.
     */
    private static Schedule schedule(Geometry geometry) {
        List<Rule> rules = new ArrayList<>();
        for (int layer = 0; layer < geometry.layers(); layer++) {
            if (geometry.raster() == null) {
                for (int step = 0; step < geometry.steps().size() - 1; step++) {
                    rules.add(new Capacity(step, layer, geometry.incomingTokens() / 4, new Selector.HeavyHitters(10)));
                }
                continue;
            }
            for (int head = 0; head < geometry.kvHeads(); head++) {
                Keeping keeping = switch (head % 4) {
                    case 0, 1 -> new Keeping.Heaviest(30, 20, head % 2 == 0, head % 2 == 0, 1 + layer % 3);
                    case 2 -> new Keeping.Newest(0, 50, true, false);
                    default -> new Keeping.Newest(4, 46, false, true);
                };
                rules.add(new HeadKeeps(layer, head, keeping));
            }
        }
        return geometry.raster() == null ? RandomCapacities.of(geometry, rules) : RandomKeepings.of(geometry, rules);
    }

    @ParameterizedTest
    @ValueSource(strings = {"janus-mini", "infinity-mini"})
    void packedImagesAreThoseDrawnAloneAndNeverPassTheLimit(String name) {
        try (ImageModel model = open(name)) {
            Request request = Request.of(PROMPTS, SEEDS, model.sampling());
            int longest = PROMPTS.stream().mapToInt(model::promptTokens).max().orElseThrow();
            for (KvHolding holding : List.of(
                    KvHolding.full(Storage.F32),
                    KvHolding.full(Storage.BF16),
                    new KvHolding(schedule(model.geometry()), Storage.F32))) {
                long limit = 7 * holding.bytes(model.geometry(), longest, 2) / 2;
                Packing packing = new Packing(model, holding, limit, Integer.MAX_VALUE);
                TreeSet<Integer> drawn = new TreeSet<>();
                List<Integer> sizes = new ArrayList<>();
                AtomicInteger mixed = new AtomicInteger();
                packing.draw(request, (batch, together, ledger) -> {
                    String where = name + ", " + holding.describe() + ", images " + batch.images();
                    assertTrue(ledger.peak() <= limit, where);
                    long lengths = batch.images().stream()
                            .map(image -> model.promptTokens(PROMPTS.get(image)))
                            .distinct()
                            .count();
                    assertTrue(ledger.peak() <= batch.bytes() && batch.bytes() <= limit, where);
                    if (lengths == 1 || holding.schedule() == null) {
                        assertEquals(batch.bytes(), ledger.peak(), where);
                    } else {
                        mixed.incrementAndGet();
                    }
                    assertTrue(100 * ledger.peak() > 95 * batch.bytes(), where + ": " + ledger.peak() + " bytes");
                    sizes.add(batch.images().size());
                    for (int i = 0; i < batch.images().size(); i++) {
                        int image = batch.images().get(i);
                        assertTrue(drawn.add(image), where);
                        Generation alone = alone(model, holding, request.only(List.of(image)));
                        same(alone, together, i, batch.images().size(), where);
                    }
                });
                assertEquals(PROMPTS.size(), drawn.size());
                assertEquals(List.of(3, 2), sizes);
                assertEquals(holding.schedule() != null && name.equals("janus-mini"), mixed.get() > 0);
            }
        }
    }

    private static Generation alone(ImageModel model, KvHolding holding, Request request) {
        try (KvCache cache = holding.cache(Long.MAX_VALUE)) {
            return model.generate(request, cache, null);
        }
    }

    private static void same(Generation alone, Generation together, int index, int batch, String where) {
        for (int step = 0; step < alone.ids().size(); step++) {
            int[] expected = alone.ids().get(step);
            int[] found = Arrays.copyOfRange(
                    together.ids().get(step), index * expected.length, (index + 1) * expected.length);
            assertEquals(batch * expected.length, together.ids().get(step).length, where);
            assertArrayEquals(expected, found, where + ", step " + step);
        }
        assertArrayEquals(
                alone.images().getFirst().rgb(), together.images().get(index).rgb(), where);
    }

    @Test
    void promptsOfAllLengthsShareABatchTheShorterOnesFirst() {
        try (ImageModel model = open("janus-mini")) {
            Request request = Request.of(PROMPTS, SEEDS, model.sampling());
            KvHolding full = KvHolding.full(Storage.F32);
            Packing roomy = new Packing(model, full, Long.MAX_VALUE, Integer.MAX_VALUE);
            assertEquals(
                    List.of(List.of(1, 4, 2, 3, 0)),
                    roomy.batches(request).stream().map(Packing.Batch::images).toList());
            long two = full.bytes(model.geometry(), model.promptTokens(PROMPTS.get(0)), 4);
            for (Packing.Batch batch : new Packing(model, full, two, Integer.MAX_VALUE).batches(request)) {
                long bytes = batch.images().stream()
                        .mapToLong(image -> full.bytes(model.geometry(), model.promptTokens(PROMPTS.get(image)), 2))
                        .sum();
                assertEquals(bytes, batch.bytes());
                assertTrue(bytes <= two && batch.images().size() <= 2, batch.toString());
            }
            Packing single = new Packing(model, full, Long.MAX_VALUE, 1);
            assertEquals(PROMPTS.size(), single.batches(request).size());
        }
    }

    @Test
    void withoutGuidanceTwiceAsManyFit() {
        try (ImageModel model = open("janus-mini")) {
            KvHolding full = KvHolding.full(Storage.F32);
            Packing packing = new Packing(model, full, full.bytes(model.geometry(), 10, 4), Integer.MAX_VALUE);
            assertEquals(2, packing.atOnce(10, 2));
            assertEquals(4, packing.atOnce(10, 1));
            List<String> equal = List.of(PROMPTS.get(2), PROMPTS.get(2), PROMPTS.get(2));
            Request plain = Request.of(equal, List.of(1L, 2L, 3L), new Sampling(1, 1, 1, 0));
            long three = full.bytes(model.geometry(), model.promptTokens(equal.getFirst()), 3);
            assertEquals(1, new Packing(model, full, three, 9).batches(plain).size());
            assertEquals(
                    2, new Packing(model, full, three - 1, 9).batches(plain).size());
        }
    }

    @Test
    void aLimitBelowOneImageIsRefusedWithTheNumbersBeforeAnythingIsDrawn() {
        try (ImageModel model = open("janus-mini")) {
            for (KvHolding holding :
                    List.of(KvHolding.full(Storage.F32), new KvHolding(schedule(model.geometry()), Storage.F16))) {
                // Enough for the shorter prompts, not for the longest.
                int longest =
                        PROMPTS.stream().mapToInt(model::promptTokens).max().orElseThrow();
                long one = holding.bytes(model.geometry(), longest, 2);
                Packing packing = new Packing(model, holding, one - 1, Integer.MAX_VALUE);
                Request request = Request.of(PROMPTS, SEEDS, model.sampling());
                InputRefused refused = assertThrows(
                        InputRefused.class,
                        () -> packing.draw(request, (batch, drawn, ledger) -> {
                            throw new AssertionError("drawn");
                        }));
                assertTrue(refused.getMessage().contains(one + " bytes"), refused.getMessage());
                assertTrue(refused.getMessage().contains("limit of " + (one - 1)), refused.getMessage());
            }
        }
    }

    @Test
    void aScheduleOfAnotherModelIsRefused() {
        try (ImageModel model = open("janus-mini")) {
            Geometry other = model.geometry();
            Geometry wider = Geometry.raster("janus", other.layers(), 9, 9, other.headDim(), other.raster());
            KvHolding holding = new KvHolding(schedule(wider), Storage.F32);
            assertThrows(InputRefused.class, () -> new Packing(model, holding, Long.MAX_VALUE, 1));
            assertThrows(InputRefused.class, () -> holding.bytes(other, 10, 2));
        }
    }
}
