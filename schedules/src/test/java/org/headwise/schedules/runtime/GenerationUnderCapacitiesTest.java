package org.headwise.schedules.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.headwise.attention.FullCache;
import org.headwise.attention.KvCache;
import org.headwise.datasets.BundledModels;
import org.headwise.model.Generation;
import org.headwise.model.Geometry;
import org.headwise.model.ImageModel;
import org.headwise.model.Models;
import org.headwise.model.Request;
import org.headwise.schedules.Capacity;
import org.headwise.schedules.Placement;
import org.headwise.schedules.Pooling;
import org.headwise.schedules.RandomCapacities;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.Selector;
import org.headwise.schedules.methods.ScaleKvTable;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.junit.jupiter.api.Test;

/** The bundled model on caches that choose tokens by each selector. */
class GenerationUnderCapacitiesTest {
    @Test
    void everySelectorHoldsWhatIsPredictedAndRoomForAllChangesNothing() {
        try (Engine engine = Engine.vector(2);
                ImageModel model =
                        Models.open(BundledModels.find("infinity-mini").orElseThrow(), engine, DType.F32)) {
            Geometry geometry = model.geometry();
            Generation full = run(model, new FullCache());
            int all = geometry.incomingTokens();
            for (Selector selector : List.of(
                    new Selector.Recent(5),
                    new Selector.Chance(3),
                    new Selector.HeavyHitters(40),
                    new Selector.Observed(Placement.PATCHES, 16, 5, Pooling.AVERAGE),
                    new Selector.Observed(Placement.NEWEST, 16, 5, Pooling.AVERAGE),
                    new Selector.Released(16, all / 3, 5, Pooling.MAX, ScaleKvTable.RELEASED_LAST_STEP))) {
                CompressedCache roomy = new CompressedCache(schedule(geometry, all, selector), Storage.F32);
                same(full, run(model, roomy), selector.toString());
                assertEquals(
                        PageLedger.of(schedule(geometry, all, selector), 2, Storage.F32),
                        roomy.ledger(),
                        selector.toString());
                Schedule tight = schedule(geometry, all / 3, selector);
                CompressedCache cache = new CompressedCache(tight, Storage.F32, 1, Long.MAX_VALUE);
                Generation cut = run(model, cache);
                assertEquals(tight.predicted().bytes(geometry, 2, 4), cache.ledger(), selector.toString());
                CompressedCache paged = new CompressedCache(tight, Storage.F16, 16, Long.MAX_VALUE);
                run(model, paged);
                assertEquals(PageLedger.of(tight, 2, Storage.F16, 16), paged.ledger(), selector.toString());
                assertTrue(cache.ledger().peak() < roomy.ledger().peak(), selector.toString());
                int last = geometry.steps().size() - 1;
                assertTrue(
                        !java.util.Arrays.equals(full.ids().get(last), cut.ids().get(last)),
                        selector + " changes nothing");
            }
        }
    }

    private static Generation run(ImageModel model, KvCache cache) {
        try (cache) {
            return model.generate(
                    Request.of(List.of("a large red circle in the center"), List.of(7L), model.sampling()),
                    cache,
                    null);
        }
    }

    private static void same(Generation expected, Generation got, String where) {
        for (int step = 0; step < expected.ids().size(); step++) {
            assertArrayEquals(expected.ids().get(step), got.ids().get(step), where + ", step " + step);
        }
    }

    private static Schedule schedule(Geometry geometry, int tokens, Selector selector) {
        List<Rule> rules = new ArrayList<>();
        for (int step = 0; step < geometry.steps().size() - 1; step++) {
            for (int layer = 0; layer < geometry.layers(); layer++) {
                rules.add(new Capacity(step, layer, tokens, selector));
            }
        }
        return RandomCapacities.of(geometry, rules);
    }
}
