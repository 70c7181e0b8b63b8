package org.headwise.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Capacity;
import org.headwise.schedules.EvictScale;
import org.headwise.schedules.HeadKeeps;
import org.headwise.schedules.Keeping;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.Selector;
import org.headwise.schedules.compare.NamedSchedule;
import org.headwise.schedules.compare.ScheduleComparison;
import org.junit.jupiter.api.Test;

class ComparisonPageTest {
    private static final Geometry GEOMETRY =
            new Geometry("test", 3, 2, 2, 4, List.of(new Grid(1, 1), new Grid(2, 2), new Grid(3, 3), new Grid(4, 4)));
    private static final Provenance PROVENANCE =
            new Provenance("headwise test", List.of("compare"), new TreeMap<>(), List.of(), Map.of());

    private static NamedSchedule named(String name, Geometry geometry, List<Rule> rules) {
        Budget budget = new Budget(0.5, Budget.Meaning.BETWEEN_STEPS);
        return new NamedSchedule(
                name, "file", new Schedule(geometry, name, new TreeMap<>(), budget, rules, PROVENANCE));
    }

    private static String page(ScheduleComparison comparison) {
        return ComparisonPage.page(comparison, 2, 0.01, PROVENANCE);
    }

    @Test
    void showsBudgetsMapsAndOverlapsAsWellFormedXml() {
        List<Rule> evicted = List.of(new EvictScale(1, 2, 1, 2, 2));
        List<Rule> chosen = new ArrayList<>();
        for (int layer = 0; layer < 3; layer++) {
            chosen.add(new Capacity(2, layer, 7, new Selector.HeavyHitters(3)));
        }
        String page = page(ScheduleComparison.predicted(
                List.of(named("evicting", GEOMETRY, evicted), named("choosing", GEOMETRY, chosen))));
        Xml.parse(page);
        assertTrue(page.contains("evicting") && page.contains("choosing"), page);
        // Layers by steps for both, layers by sources for the one whose tokens are known, and the ledger.
        assertEquals(4, page.split("<svg").length - 1);
        assertTrue(page.contains("known only when a model runs"), page);
        assertFalse(page.contains("<script"), page);
    }

    @Test
    void namesAreTextWhateverTheySay() {
        String page = page(ScheduleComparison.predicted(List.of(
                named("<script>alert(1)</script>", GEOMETRY, List.of()), named("a\u0000&\"'", GEOMETRY, List.of()))));
        Xml.parse(page);
        assertFalse(page.contains("<script"), page);
    }

    @Test
    void aRasterModelHasAPageToo() {
        Geometry raster = Geometry.raster("test", 2, 2, 2, 4, new Grid(4, 4));
        String page = page(ScheduleComparison.predicted(List.of(
                named("all", raster, List.of()),
                named("newest", raster, List.of(new HeadKeeps(0, 1, new Keeping.Newest(1, 4, true, false)))))));
        Xml.parse(page);
        assertTrue(page.contains("source row 2"), page);
    }
}
