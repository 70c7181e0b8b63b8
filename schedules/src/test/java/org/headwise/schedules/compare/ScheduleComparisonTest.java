package org.headwise.schedules.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.headwise.datasets.BundledModels;
import org.headwise.datasets.PromptSet;
import org.headwise.files.InputRefused;
import org.headwise.files.Progress;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.model.ImageModel;
import org.headwise.model.Models;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Cases;
import org.headwise.schedules.EvictScale;
import org.headwise.schedules.HeadKeeps;
import org.headwise.schedules.Keeping;
import org.headwise.schedules.Placement;
import org.headwise.schedules.Pooling;
import org.headwise.schedules.RandomCapacities;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.Selector;
import org.headwise.schedules.runtime.Footprint.Meaning;
import org.headwise.schedules.runtime.PageLedger;
import org.headwise.schedules.runtime.Storage;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.junit.jupiter.api.Test;

class ScheduleComparisonTest {
    private static NamedSchedule named(String name, Schedule schedule) {
        return new NamedSchedule(name, name + ".json", schedule);
    }

    /** Scales by (step, layer, head, source) in plain sets, weighted by their tokens. */
    @Test
    void evictedScalesAreComparedAsInPlainSets() {
        for (long seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            Geometry geometry = Cases.randomGeometry(random);
            Schedule a = Cases.randomSchedule(geometry, random);
            Schedule b = Cases.randomSchedule(geometry, random);
            compare(a, b, "seed " + seed);
        }
    }

    @Test
    void schedulesOfTheReleasedOrdersAreNested() {
        Schedule ten = Cases.released2b(0.1, 4);
        Schedule five = Cases.released2b(0.05, 4);
        compare(ten, five, "released");
        ScheduleComparison comparison = ScheduleComparison.predicted(List.of(named("ten", ten), named("five", five)));
        assertTrue(comparison.isExact());
        // Orders only grow: what 5% keeps in the end is part of what 10% keeps.
        double kept = five.predicted().end().getLast()
                / (double) ten.predicted().end().getLast();
        assertEquals(kept, comparison.pairs().getFirst().last().least(), 1e-12);
    }

    private static void compare(Schedule a, Schedule b, String where) {
        Geometry geometry = a.geometry();
        int last = geometry.steps().size() - 1;
        ScheduleComparison found = ScheduleComparison.predicted(List.of(named("a", a), named("b", b)));
        assertTrue(found.isExact(), where);
        PairOverlap pair = found.pairs().getFirst();
        for (int step = 0; step <= last; step++) {
            Set<List<Integer>> x = held(a, step);
            Set<List<Integer>> y = held(b, step);
            String place = where + ", step " + step;
            same(x, y, geometry, pair.steps().get(step), place);
            assertEquals(tokens(x, geometry), kept(found, 0, step, KeptCells.ALL, KeptCells.ALL), place);
            assertEquals(a.predicted().end().get(step), tokens(x, geometry), place);
        }
        Set<List<Integer>> x = held(a, last);
        Set<List<Integer>> y = held(b, last);
        for (int i = 0; i < geometry.layers(); i++) {
            int layer = i;
            same(only(x, 0, layer), only(y, 0, layer), geometry, pair.layers().get(layer), where);
            assertEquals(tokens(only(y, 0, layer), geometry), kept(found, 1, last, KeptCells.ALL, layer), where);
            for (int head = 0; head < geometry.kvHeads(); head++) {
                same(
                        only(only(x, 0, layer), 1, head),
                        only(only(y, 0, layer), 1, head),
                        geometry,
                        pair.heads().get(layer).get(head),
                        where);
            }
        }
        for (int source = 0; source < last; source++) {
            same(
                    only(x, 2, source),
                    only(y, 2, source),
                    geometry,
                    pair.sources().get(source),
                    where);
            assertEquals(tokens(only(x, 2, source), geometry), kept(found, 0, last, source, KeptCells.ALL), where);
        }
    }

    private static long kept(ScheduleComparison found, int schedule, int step, int source, int layer) {
        Kept kept = found.schedules().get(schedule).kept().at(step, source, layer, KeptCells.ALL);
        assertTrue(kept.isExact());
        return (long) kept.least();
    }

    private static Set<List<Integer>> held(Schedule schedule, int step) {
        Geometry geometry = schedule.geometry();
        Set<List<Integer>> held = new HashSet<>();
        for (int source = 0; source <= Math.min(step, geometry.steps().size() - 2); source++) {
            for (int layer = 0; layer < geometry.layers(); layer++) {
                for (int head = 0; head < geometry.kvHeads(); head++) {
                    held.add(List.of(layer, head, source));
                }
            }
        }
        for (Rule rule : schedule.rules()) {
            EvictScale evict = (EvictScale) rule;
            if (evict.afterStep() <= step) {
                held.remove(List.of(evict.layer(), evict.kvHead(), evict.source()));
            }
        }
        return held;
    }

    private static Set<List<Integer>> only(Set<List<Integer>> units, int part, int value) {
        Set<List<Integer>> some = new HashSet<>(units);
        some.removeIf(unit -> unit.get(part) != value);
        return some;
    }

    private static long tokens(Set<List<Integer>> units, Geometry geometry) {
        return units.stream().mapToLong(unit -> geometry.tokens(unit.get(2))).sum();
    }

    private static void same(
            Set<List<Integer>> x, Set<List<Integer>> y, Geometry geometry, Overlap overlap, String where) {
        Set<List<Integer>> both = new HashSet<>(x);
        both.retainAll(y);
        Set<List<Integer>> either = new HashSet<>(x);
        either.addAll(y);
        double expected = tokens(both, geometry) / (double) tokens(either, geometry);
        assertEquals(expected, overlap.least(), 1e-12, where);
        assertEquals(expected, overlap.most(), 1e-12, where);
    }

    @Test
    void cachesThatRunHoldWhatWasPredictedOrLieWithinItsBounds() {
        try (Engine engine = Engine.vector(2);
                ImageModel model =
                        Models.open(BundledModels.find("infinity-mini").orElseThrow(), engine, DType.F32)) {
            Geometry geometry = model.geometry();
            List<NamedSchedule> schedules = List.of(
                    named("recent", uniform(geometry, new Selector.Recent(5))),
                    named("chance", uniform(geometry, new Selector.Chance(3))),
                    named("evicted", Cases.randomSchedule(geometry, new Random(4))),
                    named(
                            "patches",
                            uniform(geometry, new Selector.Observed(Placement.PATCHES, 16, 5, Pooling.AVERAGE))),
                    named("heavy", uniform(geometry, new Selector.HeavyHitters(40))));
            ScheduleComparison predicted = ScheduleComparison.predicted(schedules);
            ScheduleComparison counted = new CountedComparison(
                            model,
                            "infinity-mini",
                            PromptSet.load("scenes-evaluation").limit(1),
                            model.sampling(),
                            7,
                            Storage.F32)
                    .run(schedules, Progress.NONE);
            assertTrue(counted.isExact() && !predicted.isExact());
            assertEquals(2, counted.counted().orElseThrow().rows());
            for (int p = 0; p < predicted.pairs().size(); p++) {
                PairOverlap said = predicted.pairs().get(p);
                PairOverlap seen = counted.pairs().get(p);
                assertEquals(said.second() < 3, said.last().isExact());
                for (int step = 0; step < said.steps().size(); step++) {
                    within(said.steps().get(step), seen.steps().get(step), "pair " + p + ", step " + step);
                }
                for (int source = 0; source < said.sources().size(); source++) {
                    within(said.sources().get(source), seen.sources().get(source), "pair " + p + ", source " + source);
                }
            }
            for (int i = 0; i < schedules.size(); i++) {
                Kept said = predicted.schedules().get(i).kept().at(3, KeptCells.ALL, 1, 0);
                Kept seen = counted.schedules().get(i).kept().at(3, KeptCells.ALL, 1, 0);
                assertEquals(said, seen);
                assertEquals(
                        PageLedger.of(schedules.get(i).schedule(), 2, Storage.F32)
                                .peak(),
                        counted.counted().orElseThrow().peakBytes().get(i));
            }
        }
    }

    private static void within(Overlap said, Overlap seen, String where) {
        assertTrue(seen.isExact(), where);
        boolean none = Double.isNaN(seen.least());
        assertTrue(
                none || said.least() <= seen.least() + 1e-12 && seen.least() <= said.most() + 1e-12,
                where + ": " + said + ", " + seen);
    }

    private static Schedule uniform(Geometry geometry, Selector selector) {
        return RandomCapacities.uniform(geometry, geometry.incomingTokens() / 3, selector);
    }

    @Test
    void meaningsOfTheBudgetAreReadFromTheLedger() {
        Schedule ten = Cases.released2b(0.1, 4);
        ScheduleComparison comparison = ScheduleComparison.predicted(
                List.of(named("a", ten), named("b", Cases.released2b(0.25, 4)), named("c", ten)));
        for (Meaning meaning : Meaning.values()) {
            assertEquals(0, comparison.difference(2, meaning));
            assertTrue(comparison.difference(1, meaning) > 0.5);
        }
        var footprint = comparison.schedules().getFirst().footprint();
        assertTrue(footprint.share(Meaning.PEAK_INCOMING) <= 0.1);
        assertTrue(footprint.tokens(Meaning.BETWEEN_STEPS) <= footprint.tokens(Meaning.PEAK_INCOMING));
        assertTrue(footprint.tokens(Meaning.PEAK_INCOMING) <= footprint.tokens(Meaning.PEAK_LIVE));
        assertTrue(footprint.tokens(Meaning.PEAK_LIVE) <= footprint.tokens(Meaning.ALLOCATED));
        assertEquals(PageLedger.of(ten, 2, Storage.BF16).peak(), footprint.bytes(Meaning.ALLOCATED, 2, Storage.BF16));
        assertEquals(PageLedger.of(ten, 2, Storage.BF16), footprint.allocated(2, Storage.BF16));
    }

    @Test
    void aRasterModelIsComparedByTheRowsOfItsImage() {
        Geometry raster = Geometry.raster("janus", 2, 3, 3, 4, new Grid(3, 4));
        Schedule all = RandomCapacities.of(raster, List.of());
        // The prompt, and the two newest tokens that are held between steps.
        Keeping newest = new Keeping.Newest(0, 3, true, false);
        Schedule some = RandomCapacities.of(raster, List.of(new HeadKeeps(1, 2, newest)));
        ScheduleComparison comparison = ScheduleComparison.predicted(List.of(named("all", all), named("some", some)));
        assertEquals(List.of(3, 7, 11), comparison.axes().steps());
        assertEquals(
                List.of("prompt", "row 0", "row 1", "row 2"),
                comparison.axes().sources().stream().map(Axes.Source::name).toList());
        // Of 6 kv heads with the prompt and 10 image tokens before the last step, one keeps 3 tokens.
        Overlap last = comparison.pairs().getFirst().last();
        assertEquals((5 * 11 + 3) / (6.0 * 11), last.least(), 1e-12);
        assertEquals(last.least(), last.most());
        KeptCells kept = comparison.schedules().get(1).kept();
        assertEquals(new Kept(6, 6, 6), kept.at(2, 0, KeptCells.ALL, KeptCells.ALL));
        assertEquals(new Kept(0, 0, 4), kept.at(2, 1, 1, 2));
        long held = some.predicted().end().getLast();
        assertEquals(
                held, kept.at(2, KeptCells.ALL, KeptCells.ALL, KeptCells.ALL).least());
    }

    @Test
    void aModelOfOneStepKeepsNothing() {
        ScheduleComparison comparison = ScheduleComparison.predicted(List.of(
                named("a", RandomCapacities.of(new Geometry("test", 1, 1, 1, 1, List.of(new Grid(2, 2))), List.of())),
                named("b", RandomCapacities.of(new Geometry("test", 1, 1, 1, 1, List.of(new Grid(2, 2))), List.of()))));
        assertTrue(Double.isNaN(comparison.pairs().getFirst().last().least()));
        assertEquals(0, comparison.difference(1, Meaning.BETWEEN_STEPS));
    }

    @Test
    void otherGeometriesAndSingleSchedulesAreRefused() {
        Schedule ten = Cases.released2b(0.1, 4);
        InputRefused other = assertThrows(
                InputRefused.class,
                () -> ScheduleComparison.predicted(List.of(named("a", ten), named("b", Cases.released2b(0.1, 8)))));
        assertTrue(
                other.getMessage().startsWith("b.json: wrong geometry: head dim found 8, expected 4"),
                other.getMessage());
        InputRefused one =
                assertThrows(InputRefused.class, () -> ScheduleComparison.predicted(List.of(named("a", ten))));
        assertTrue(one.getMessage().contains("at least two schedules, found 1"), one.getMessage());
        assertEquals(Budget.Meaning.PEAK_INCOMING, ten.budget().meaning());
    }
}
