package org.headwise.schedules.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.headwise.attention.KvCache;
import org.headwise.datasets.BundledModels;
import org.headwise.memory.MemoryPlan;
import org.headwise.model.Geometry;
import org.headwise.model.ImageModel;
import org.headwise.model.Models;
import org.headwise.model.Request;
import org.headwise.schedules.Capacity;
import org.headwise.schedules.RandomCapacities;
import org.headwise.schedules.RandomKeepings;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.Selector;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.junit.jupiter.api.Test;

/** What plans say of compressed caches against what generations of the bundled models allocated. */
class CachesTest {
    private static long peak(ImageModel model, Schedule schedule, String prompt) {
        try (KvCache cache = Caches.of(schedule, Storage.F16)) {
            model.generate(
                    Request.of(List.of(prompt), List.of(3L), model.sampling()).forcing(List.of()), cache, null);
            return cache.ledger().peak();
        }
    }

    @Test
    void pagesOfRasterModelsGrowWithThePrompt() {
        long seed = new Random().nextLong();
        try (Engine engine = Engine.vector(2);
                ImageModel model = Models.open(BundledModels.find("janus-mini").orElseThrow(), engine, DType.F32)) {
            Schedule schedule = RandomKeepings.schedule(model.geometry(), new Random(seed));
            for (String prompt : List.of("a", "a large red circle in the center on a white background")) {
                assertEquals(
                        peak(model, schedule, prompt),
                        new KvHolding(schedule, Storage.F16).bytes(model.geometry(), model.promptTokens(prompt), 2),
                        "seed " + seed + ", prompt " + prompt);
            }
        }
    }

    /** Before there are schedules, a plan knows only their budget: it must not be far from what they take. */
    @Test
    void aBudgetStandsForAboutThePagesOfItsSchedules() {
        try (Engine engine = Engine.vector(2);
                ImageModel model =
                        Models.open(BundledModels.find("infinity-mini").orElseThrow(), engine, DType.F32)) {
            Geometry geometry = model.geometry();
            for (double share : new double[] {0.1, 0.25, 0.5}) {
                int tokens = (int) (share * geometry.incomingTokens());
                List<Rule> rules = new ArrayList<>();
                for (int step = 0; step < geometry.steps().size() - 1; step++) {
                    for (int layer = 0; layer < geometry.layers(); layer++) {
                        rules.add(new Capacity(step, layer, tokens, new Selector.Recent(0)));
                    }
                }
                Schedule schedule = RandomCapacities.of(geometry, rules);
                long peak = peak(model, schedule, "a blue square");
                assertEquals(peak, new KvHolding(schedule, Storage.F16).bytes(geometry, 0, 2));
                long planned = MemoryPlan.budgetedCache(geometry, 2, 2, share);
                assertTrue(
                        planned > 0.9 * peak && planned < 1.3 * peak,
                        "share " + share + ": planned " + planned + ", allocated " + peak);
            }
        }
    }
}
