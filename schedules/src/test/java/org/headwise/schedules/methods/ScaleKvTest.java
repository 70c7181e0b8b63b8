package org.headwise.schedules.methods;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.headwise.analysis.Profile;
import org.headwise.analysis.Selectivity;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.model.infinity.InfinityGeometries;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Capacity;
import org.headwise.schedules.Cases;
import org.headwise.schedules.Method;
import org.headwise.schedules.Reference;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.Selector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ScaleKvTest extends MethodContract {
    @Override
    Method method() {
        return new ScaleKv();
    }

    @Override
    Profile profile(Geometry geometry, Random random) {
        Selectivity selectivity = new Selectivity(geometry);
        for (String name : List.of("current", "history_top")) {
            double[] sums = selectivity.sums().get(name);
            for (int i = 0; i < sums.length; i++) {
                sums[i] = random.nextDouble();
            }
        }
        Arrays.fill(selectivity.sums().get("queries"), 1);
        return new Profile(geometry, Cases.PROVENANCE, 1, List.of(selectivity));
    }

    @Override
    boolean plansRaster() {
        return false;
    }

    @Override
    Map<String, String> lenient() {
        return Map.of();
    }

    /** Given the drafters of a released file, its numbers follow. */
    @ParameterizedTest
    @CsvSource({"scalekv-budget-2b-10.json,infinity-2b", "scalekv-budget-8b-10.json,infinity-8b"})
    void theReleasedAllocationGivesTheReleasedNumbers(String file, String model) {
        JsonNode json = Reference.json(file);
        Geometry geometry = InfinityGeometries.get(model);
        List<BitSet> afterStep = new ArrayList<>();
        for (int step = 0; step < 13; step++) {
            BitSet layers = new BitSet();
            JsonNode scale = json.path("Scale " + (step + 2));
            for (int layer = 0; layer < geometry.layers(); layer++) {
                layers.set(layer, scale.path("Block " + layer).asInt(0) == 1);
            }
            afterStep.add(layers);
        }
        int[][] capacities = new ScaleKvShares(ScaleKvShares.Allocation.RELEASED, 650, 1, 0, 0.305)
                .capacities(geometry, new DrafterLayers(afterStep));
        int scales = 0;
        for (int step = 0; step < 13; step++) {
            JsonNode scale = json.path("Scale " + (step + 2));
            assertEquals(scale.isObject(), capacities[step] != null, "step " + step);
            for (int layer = 0; scale.isObject() && layer < geometry.layers(); layer++) {
                String kind = afterStep.get(step).get(layer) ? "Max" : "Min";
                assertEquals(scale.path(kind).asInt(), capacities[step][layer], "step " + step + ", layer " + layer);
            }
            scales += scale.isObject() ? 1 : 0;
        }
        assertEquals(5, scales);
    }

    /** Every scale spends the mean of all layers, but for less than one token a layer. */
    @Test
    void everyScaleSpendsItsTokens() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            int layers = 2 + random.nextInt(30);
            int mean = random.nextInt(800);
            int limit = mean + 1 + random.nextInt(3000);
            int drafters = random.nextInt(layers + 1);
            ScaleKvShares shares = new ScaleKvShares(
                    ScaleKvShares.Allocation.values()[random.nextInt(2)],
                    mean,
                    random.nextDouble(),
                    random.nextDouble(),
                    random.nextDouble());
            ScaleKvShares.Share share = shares.share(layers, drafters, limit, random.nextInt(5));
            long spent = (long) drafters * share.drafter() + (long) (layers - drafters) * share.refiner();
            String where = "seed " + seed + ": " + share;
            assertTrue(spent <= (long) layers * mean && spent > (long) layers * (mean - 1), where);
            assertTrue(share.refiner() >= 0 && share.drafter() <= Math.max(limit, mean), where);
            assertTrue(share.drafter() >= share.refiner(), where);
        }
    }

    /** Refiners on the line 0.9, 0.7, 0.5 of 100 while drafters have room for the rest. */
    @Test
    void refinersFollowTheFallingLineWhileDraftersHaveRoom() {
        ScaleKvShares shares = new ScaleKvShares(ScaleKvShares.Allocation.PAPER, 100, 0.9, 0.2, 0.1);
        assertEquals(new ScaleKvShares.Share(190, 90), shares.share(10, 1, 1000, 0));
        assertEquals(new ScaleKvShares.Share(370, 70), shares.share(10, 1, 1000, 1));
        assertEquals(new ScaleKvShares.Share(550, 50), shares.share(10, 1, 1000, 2));
        assertEquals(new ScaleKvShares.Share(300, 77), shares.share(10, 1, 300, 2));
        assertEquals(new ScaleKvShares.Share(910, 10), shares.share(10, 1, 1000, 9));
    }

    @Test
    void draftersAreTheLeastSelectiveAndTiesFollowStepAndLayer() {
        Geometry geometry = new Geometry(
                "infinity", 3, 1, 1, 4, List.of(new Grid(1, 1), new Grid(2, 2), new Grid(3, 3), new Grid(4, 4)));
        // The Z-scores of scales 0 to 3 of each layer; those of a scale decide what is kept after the one before.
        double[] z = {-9, 0.5, -1, 0, -9, -0.5, 0, -1, -9, 0, 1, 1};
        DrafterLayers drafters = DrafterLayers.of(geometry, z, 1, 2);
        assertEquals(
                List.of("{}", "{0}", "{1}", "{}"),
                drafters.afterStep().stream().map(BitSet::toString).toList());
        assertEquals(
                List.of("{1}", "{0}", "{1}", "{}"),
                DrafterLayers.of(geometry, z, 0, 3).afterStep().stream()
                        .map(BitSet::toString)
                        .toList());
        z[4 + 3] = Double.NaN;
        assertThrows(InputRefused.class, () -> DrafterLayers.of(geometry, z, 1, 2));
    }

    @Test
    void theSelectionIsNamedAndTheReleasedOneRefusesWhatItCannotDo() {
        Geometry square = new Geometry(
                "infinity", 3, 2, 2, 4, List.of(new Grid(1, 1), new Grid(4, 4), new Grid(6, 6), new Grid(8, 8)));
        Schedule released = plan(square, "60%", Map.of("selection", "released", "window", "4"));
        assertEquals(
                new Selector.Released(4, 31, 5, org.headwise.schedules.Pooling.MAX, 12),
                ((Capacity) released.rules().getFirst()).selector());
        assertEquals(Budget.Meaning.BETWEEN_STEPS, released.budget().meaning());
        assertTrue(refusal(square, "5%", Map.of("selection", "released")).contains("use the paper's selection"));
        Geometry wide = new Geometry(
                "infinity", 3, 2, 2, 4, List.of(new Grid(1, 1), new Grid(4, 8), new Grid(6, 12), new Grid(8, 16)));
        assertTrue(refusal(wide, "60%", Map.of("selection", "released")).contains("square grids only"));
        assertEquals(6, plan(wide, "30%", Map.of()).rules().size());
    }

    private Schedule plan(Geometry geometry, String budget, Map<String, String> options) {
        return new ScaleKv().plan(profile(geometry, new Random(4)), Budget.parse(budget), options, Cases.PROVENANCE);
    }

    private String refusal(Geometry geometry, String budget, Map<String, String> options) {
        return assertThrows(InputRefused.class, () -> plan(geometry, budget, options))
                .getMessage();
    }

    @ParameterizedTest
    @CsvSource({
        "drafters,-1",
        "drafters,x%",
        "drafters,200%",
        "top,7",
        "allocation,best",
        "start,2",
        "decay,x",
        "floor,-1",
        "selection,none",
        "window,0",
        "kernel,2",
        "pooling,sum"
    })
    void nonsenseOptionsAreRefused(String name, String value) {
        Geometry geometry = InfinityGeometries.get("infinity-2b");
        assertThrows(InputRefused.class, () -> plan(geometry, "10%", Map.of(name, value)));
    }
}
