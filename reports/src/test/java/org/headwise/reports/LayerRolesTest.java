package org.headwise.reports;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.headwise.analysis.Profile;
import org.headwise.analysis.Selectivity;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.methods.ScaleKv;
import org.junit.jupiter.api.Test;

class LayerRolesTest {
    private static final Provenance PROVENANCE =
            new Provenance("headwise test", List.of("headwise"), new TreeMap<>(), List.of(), Map.of());

    private static Profile profile(Geometry geometry, Random random) {
        Selectivity selectivity = new Selectivity(geometry);
        for (String name : List.of("current", "history_top")) {
            double[] sums = selectivity.sums().get(name);
            Arrays.setAll(sums, i -> random.nextDouble());
        }
        Arrays.fill(selectivity.sums().get("queries"), 1);
        return new Profile(geometry, PROVENANCE, 1, List.of(selectivity));
    }

    private static ReportSources sources(Geometry geometry, Optional<Profile> profile, List<Schedule> schedules) {
        return new ReportSources(
                "t",
                "m",
                geometry,
                profile,
                schedules.stream()
                        .map(s ->
                                new ReportSources.Planned("<s> & " + s.budget().percent(), s, 2, 4))
                        .toList(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    /** The pairs of lowest Z are drafters, sorted here by other means, and what layers hold is what the ledger predicts. */
    @Test
    void draftersAreThoseOfLowestZAndTokensAddUpToTheLedger() {
        for (long seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            Geometry geometry = SampleReport.geometry(2 + random.nextInt(9), 2, 4, 1, 2, 3, 4, 6, 8, 10);
            Profile profile = profile(geometry, random);
            int drafters = 1 + random.nextInt(6);
            String selection = random.nextBoolean() ? "paper" : "released";
            Schedule schedule = new ScaleKv()
                    .plan(
                            profile,
                            Budget.parse("30%"),
                            Map.of("drafters", "" + drafters, "selection", selection, "window", "4"),
                            PROVENANCE);
            LayerRoles roles = LayerRoles.of(sources(geometry, Optional.of(profile), List.of(schedule)));
            LayerRoles.Kept kept = roles.schedules().getFirst();
            double[][] z = roles.measured().orElseThrow().z();
            List<int[]> pairs = new ArrayList<>();
            for (int layer = 0; layer < geometry.layers(); layer++) {
                for (int scale = 1; scale < 7; scale++) {
                    if (kept.cut()[scale]) {
                        pairs.add(new int[] {layer, scale});
                    }
                }
            }
            assertEquals(pairs.size(), kept.pairs());
            pairs.sort(Comparator.comparingDouble(pair -> z[pair[0]][pair[1]]));
            long marked = pairs.stream()
                    .limit(drafters)
                    .filter(pair -> kept.drafters()[pair[0]][pair[1]])
                    .count();
            // Where all layers of a scale are drafters, none keeps more than another.
            assertTrue(
                    marked == Math.min(drafters, pairs.size()) || kept.count() < drafters,
                    "seed " + seed + ": " + marked + " of " + drafters);
            for (int scale = 1; scale < 7; scale++) {
                int at = scale;
                long held = 2L
                        * Arrays.stream(kept.tokens()).mapToInt(row -> row[at]).sum();
                assertEquals(schedule.predicted().end().get(scale - 1), held, "seed " + seed);
            }
        }
    }

    @Test
    void deviationsHaveNoMeanAndTheFirstScaleNone() {
        Geometry geometry = SampleReport.geometry(6, 2, 4, 1, 2, 3, 4, 6);
        Profile profile = profile(geometry, new Random(3));
        LayerRoles.Measured measured = LayerRoles.of(sources(geometry, Optional.of(profile), List.of()))
                .measured()
                .orElseThrow();
        double[] sum = new double[5];
        for (double[] row : measured.z()) {
            assertTrue(Double.isNaN(row[0]));
            for (int scale = 1; scale < 5; scale++) {
                sum[scale] += row[scale];
            }
        }
        assertArrayEquals(new double[5], sum, 1e-9);
    }

    @Test
    void thePageShowsTheMapsAndEscapesNames() throws Exception {
        Geometry geometry = SampleReport.geometry(6, 2, 4, 1, 2, 3, 4, 6, 8);
        Profile profile = profile(geometry, new Random(5));
        Schedule schedule = new ScaleKv().plan(profile, Budget.parse("30%"), Map.of("drafters", "2"), PROVENANCE);
        DataFolder files = new DataFolder();
        ReportData data = Reports.of(sources(geometry, Optional.of(profile), List.of(schedule)));
        String page = HtmlReport.page(data, files);
        var section = Xml.all(Xml.parse(page), "section").stream()
                .filter(one -> one.getAttribute("id").equals("drafters"))
                .findFirst()
                .orElseThrow();
        String text = section.getTextContent();
        assertTrue(text.contains("<s> & 30%"), text);
        assertTrue(text.contains("Dots mark the drafters, 2 of "), text);
        assertTrue(files.files().containsKey("selectivity.csv"));
        assertTrue(files.files().containsKey("drafters-1.csv"));
        assertFalse(page.contains("<s>"));
    }

    @Test
    void withoutSelectivityTheSectionSaysWhatMakesIt() {
        Geometry geometry = SampleReport.mini();
        String page = HtmlReport.page(Reports.of(sources(geometry, Optional.empty(), List.of())), new DataFolder());
        assertTrue(page.contains("no attention selectivity in this run"), "the section is missing");
    }
}
