package org.headwise.reports;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.headwise.analysis.ChosenTokens;
import org.headwise.analysis.Landmarks;
import org.headwise.analysis.Neighbourhood;
import org.headwise.analysis.Profile;
import org.headwise.analysis.Received;
import org.headwise.analysis.Recency;
import org.headwise.analysis.Sparsity;
import org.headwise.analysis.Statistic;
import org.headwise.analysis.Statistics;
import org.headwise.analysis.TokenMaps;
import org.headwise.attention.Guidance;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.evaluate.EvaluationResult;
import org.headwise.schedules.evaluate.EvaluationResult.PromptResult;
import org.headwise.schedules.evaluate.EvaluationResult.VariantInfo;
import org.headwise.schedules.evaluate.Fidelity;
import org.headwise.schedules.methods.Ssd;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** What a report shows of the heads of a raster model, from sums of random size. */
class RasterReportTest {
    private static final Provenance PROVENANCE =
            new Provenance("headwise test", List.of("headwise"), new TreeMap<>(), List.of(), Map.of());
    private static final Geometry GEOMETRY = Geometry.raster("janus", 3, 4, 2, 8, new Grid(4, 6));
    private static final long SEED = 20260711;
    private static final Pattern RECTANGLE = Pattern.compile("M([0-9.]+),([0-9.]+)H([0-9.]+)V([0-9.]+)");

    /** Sums whose entries are all positive, which is all that a report asks of them. */
    private static Profile profile(List<Statistic> statistics) {
        return profile(GEOMETRY, statistics);
    }

    private static Profile profile(Geometry geometry, List<Statistic> statistics) {
        Random random = new Random(SEED);
        for (Statistic statistic : statistics) {
            statistic.sums().arrays().keySet().forEach(name -> {
                double[] sums = statistic.sums().get(name);
                boolean count = name.equals("queries") || name.equals("images");
                Arrays.setAll(sums, i -> count ? 20 : 0.01 + random.nextDouble());
            });
        }
        return new Profile(geometry, PROVENANCE, 2, statistics);
    }

    private static ReportSources sources(Profile profile, Schedule... schedules) {
        return new ReportSources(
                "t",
                "m",
                profile.geometry(),
                Optional.of(profile),
                Arrays.stream(schedules)
                        .map(s -> new ReportSources.Planned(
                                "<" + s.method() + "> " + s.budget().percent(), s, 2, 4))
                        .toList(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    private static Schedule ssd(Profile profile, String budget, String spatial) {
        return new Ssd().plan(profile, Budget.parse(budget), Map.of("spatial", spatial), PROVENANCE);
    }

    @Test
    void theHeadsShownAreThoseAtTheEndsOfTheScore() {
        Profile profile = profile(Statistics.all(GEOMETRY));
        RasterLook look = Reports.of(sources(profile)).raster().orElseThrow();
        double[] score = profile.statistic(Sparsity.class)
                .score(Neighbourhood.IMMEDIATE, Sparsity.Of.ALL_TOKENS, Guidance.CONDITIONAL);
        double[] sorted = score.clone();
        Arrays.sort(sorted);
        assertArrayEquals(
                new double[] {sorted[0], sorted[1], sorted[2], sorted[11], sorted[10], sorted[9]},
                look.heads().stream().mapToDouble(RasterLook.HeadLook::score).toArray());
        for (RasterLook.HeadLook head : look.heads()) {
            assertEquals(score[head.layer() * 4 + head.head()], head.score());
            assertEquals(head.score() > sorted[6], head.semantic());
            double near = 0;
            for (int up = 0; up <= 1; up++) {
                for (int right = -1; right <= 1; right++) {
                    near += head.offsets()[up][5 + right];
                }
            }
            double image = Arrays.stream(head.offsets())
                    .flatMapToDouble(Arrays::stream)
                    .sum();
            assertEquals(head.score(), (image - near + head.prompt()) / (image + head.prompt()), 1e-12);
        }
    }

    @Test
    void meansOverHeadsAreThoseOfTheStatistics() {
        Profile profile = profile(Statistics.all(GEOMETRY));
        RasterLook look = Reports.of(sources(profile)).raster().orElseThrow();
        double received = 0;
        double window = 0;
        double place = 0;
        for (int head = 0; head < 4; head++) {
            received += profile.statistic(Received.class).byImageToken(1, head, Guidance.CONDITIONAL)[7] / 4;
            for (int layer = 0; layer < 3; layer++) {
                window += profile.statistic(Recency.class)
                                .windowMass(layer, head, Guidance.CONDITIONAL, Recency.Kept.PROMPT_AND_RECENT)[9]
                        / 12;
                place += profile.statistic(Landmarks.class)
                                .massByRow(Landmarks.Place.LAST_COLUMN, layer, head, Guidance.CONDITIONAL)[2]
                        / 12;
            }
        }
        assertEquals(received, look.received()[1][7], 1e-12);
        assertEquals(window, look.windows()[9], 1e-12);
        var last = look.landmarks().stream()
                .filter(landmark -> landmark.name().equals("last column"))
                .findFirst()
                .orElseThrow();
        assertEquals(place, last.byRow()[2], 1e-12);
    }

    @Test
    void schedulesThatAgreeShareAMapAndQueryHeadsFollowTheirKvHead() {
        Profile profile = profile(Statistics.all(GEOMETRY));
        RasterLook look = Reports.of(sources(
                        profile,
                        ssd(profile, "50%", "0.5"),
                        ssd(profile, "25%", "0.5"),
                        ssd(profile, "50%", "0.34"),
                        ssd(profile, "100%", "0.5")))
                .raster()
                .orElseThrow();
        assertEquals(
                List.of(List.of("<ssd> 50%", "<ssd> 25%"), List.of("<ssd> 50%")),
                look.classes().stream().map(RasterLook.Classes::schedules).toList());
        double[] score = profile.statistic(Sparsity.class)
                .score(Neighbourhood.IMMEDIATE, Sparsity.Of.ALL_TOKENS, Guidance.CONDITIONAL);
        double[] ofKvHeads = new double[6];
        Arrays.setAll(ofKvHeads, i -> (score[2 * i] + score[2 * i + 1]) / 2);
        double[] sorted = ofKvHeads.clone();
        Arrays.sort(sorted);
        for (int i = 0; i < 6; i++) {
            for (int query = 0; query < 2; query++) {
                assertEquals(ofKvHeads[i] >= sorted[3], look.classes().get(0).semantic()[i / 2][i % 2 * 2 + query]);
                assertEquals(ofKvHeads[i] >= sorted[2], look.classes().get(1).semantic()[i / 2][i % 2 * 2 + query]);
            }
        }
    }

    @Test
    void thePageShowsEveryPartWithItsFileAndNoneOfScales() {
        Profile profile = profile(Statistics.all(GEOMETRY));
        DataFolder files = new DataFolder();
        String page = HtmlReport.page(Reports.of(sources(profile, ssd(profile, "50%", "0.5"))), files);
        List<String> sections = Xml.all(Xml.parse(page), "section").stream()
                .map(section -> section.getAttribute("id"))
                .toList();
        assertTrue(sections.containsAll(List.of("head-classes", "offsets", "received", "windows")), "" + sections);
        assertFalse(sections.contains("scale-heat") || sections.contains("drafters"), "" + sections);
        assertEquals(6, drawings(page, "offsets"));
        assertEquals(3 + 6 + 1, drawings(page, "received"));
        assertTrue(page.contains("semantic in &lt;ssd&gt; 50%"), "names are text");
        assertEquals(1 + 12, lines(files, "head-classes.csv").size());
        assertEquals(1 + 6 * (4 * 11 - 6), lines(files, "offsets.csv").size());
        assertEquals(1 + 6 * 5, drawings(page, "token-maps"), "a scale, and five tokens of every head");
        assertEquals(1 + 24, lines(files, "received.csv").size());
        assertEquals(1 + 24, lines(files, "windows.csv").size());
        assertEquals(1 + 23, lines(files, "lags.csv").size());
        assertEquals(1 + 4, lines(files, "landmarks.csv").size());
        RasterLook.HeadLook head =
                Reports.of(sources(profile)).raster().orElseThrow().heads().getFirst();
        List<String> far = lines(files, "offsets.csv").get(1 + 5 + 11 + 3);
        assertEquals(List.of("2", "-2"), far.subList(3, 5));
        assertEquals(head.offsets()[2][3], Double.parseDouble(far.get(5)));
    }

    /** A token's map in the page: cells of it and of those before it, none of later ones; the numbers in the file. */
    @Test
    void aTokenLooksBackOnly() {
        TokenMaps maps = new TokenMaps(GEOMETRY, ChosenTokens.parse("0:2,2:3", GEOMETRY.raster()));
        Profile profile = profile(List.of(new Sparsity(GEOMETRY), maps));
        DataFolder files = new DataFolder();
        ReportData data = Reports.of(sources(profile));
        String page = HtmlReport.page(data, files);
        assertTrue(page.contains("mean over the images of 2 prompts"), "N is said");
        RasterLook.HeadLook head = data.raster().orElseThrow().heads().get(4);
        RasterLook.TokenLook token = head.tokens().get(1);
        assertEquals(15, token.token());
        assertArrayEquals(maps.map(head.layer(), head.head(), Guidance.CONDITIONAL, 15), token.mass());
        assertEquals(maps.promptMass(head.layer(), head.head(), Guidance.CONDITIONAL, 15), token.prompt());
        assertTrue(page.contains("Row 2, column 3<span class=\"remark\">prompt " + Shown.percent(token.prompt())));
        List<List<String>> lines = lines(files, "token-maps.csv");
        assertEquals(1 + 6 * (3 + 16), lines.size());
        List<String> ofHead = lines.get(1 + 4 * (3 + 16) + 3 + 8);
        assertEquals(List.of("2", "3", "1", "2"), ofHead.subList(3, 7));
        assertEquals(token.mass()[8], Double.parseDouble(ofHead.get(7)));
        Svg drawing = RasterCharts.token(GEOMETRY.raster(), token);
        double cell = drawing.plot().width() * drawing.width() / 6;
        assertEquals(16 * cell * cell, area(drawing), 1e-6, "the token and those before it are coloured, no others");
    }

    /** Area of the cells, which are filled in colours of the scale. */
    private static double area(Svg drawing) {
        double area = 0;
        for (Element path : Xml.all(Xml.parse(drawing.document()), "path")) {
            String style = path.getAttribute("style");
            boolean cells = IntStream.range(0, ColourScale.LEVELS)
                    .map(level -> ColourScale.ofLevel(level, ColourScale.LEVELS).getRGB() & 0xffffff)
                    .anyMatch(rgb -> style.contains(String.format(Locale.ROOT, "fill:#%06x", rgb)));
            Matcher rectangle = RECTANGLE.matcher(path.getAttribute("d"));
            while (cells && rectangle.find()) {
                area += (Double.parseDouble(rectangle.group(3)) - Double.parseDouble(rectangle.group(1)))
                        * (Double.parseDouble(rectangle.group(4)) - Double.parseDouble(rectangle.group(2)));
            }
        }
        return area;
    }

    @Test
    void whatWasNotObservedIsSaid() {
        String withoutAll = HtmlReport.page(
                Reports.of(sources(profile(Statistics.named(GEOMETRY, List.of("dispersion"))))), new DataFolder());
        assertTrue(withoutAll.contains("sparsity was not observed in this run"));
        assertFalse(withoutAll.contains("id=\"offsets\""));
        String alone = HtmlReport.page(
                Reports.of(sources(profile(Statistics.named(GEOMETRY, List.of("sparsity"))))), new DataFolder());
        assertEquals(6, drawings(alone, "offsets"));
        assertTrue(alone.contains("The statistic token-maps was not observed in this run."));
        assertTrue(alone.contains("The statistic received was not observed in this run."));
        assertTrue(alone.contains("The statistic recency was not observed in this run."));
    }

    @Test
    void statisticsOfUnconditionalRowsAreInTheFilesOnly() {
        ReportData data = Reports.of(sources(profile(Statistics.all(GEOMETRY))));
        assertTrue(data.statistics().stream().anyMatch(s -> s.name().equals("score uncond")));
        assertTrue(data.mapped().stream().noneMatch(s -> s.name().endsWith("uncond")));
        assertEquals(
                data.statistics().size(), 2 * data.mapped().size(), "every statistic of these has both kinds of rows");
    }

    /** Tokens of a raster are compared row by row, each prompt by the mean over the tokens of the row. */
    @Test
    void equalCodesAreMeansOfRows() {
        Random random = new Random(SEED);
        List<PromptResult> prompts = new ArrayList<>();
        double[][] equal = new double[3][];
        for (int p = 0; p < equal.length; p++) {
            equal[p] = random.doubles(24).toArray();
            List<Double> steps = Arrays.stream(equal[p]).boxed().toList();
            Fidelity fidelity = new Fidelity(
                    20,
                    0.5,
                    steps,
                    steps,
                    1,
                    Collections.nCopies(24, 1L),
                    1,
                    1,
                    Optional.empty(),
                    OptionalLong.empty());
            prompts.add(new PromptResult(p, "p", p, fidelity, Map.of("ssd-50%", fidelity)));
        }
        EvaluationResult result = new EvaluationResult(
                GEOMETRY, PROVENANCE, List.of(new VariantInfo("ssd-50%", "ssd", 0.5, Map.of())), prompts);
        ReportData.BitAgreement bits =
                new EvaluationReading(result, Path.of("nowhere")).bits().getFirst();
        assertEquals(4, bits.steps().size());
        for (int row = 0; row < 4; row++) {
            double[] means = new double[3];
            for (int p = 0; p < 3; p++) {
                for (int token = 6 * row; token < 6 * row + 6; token++) {
                    means[p] += equal[p][token] / 6;
                }
            }
            double mean = (means[0] + means[1] + means[2]) / 3;
            double squares = 0;
            for (double one : means) {
                squares += (one - mean) * (one - mean);
            }
            assertEquals(mean, bits.steps().get(row).mean(), 1e-12);
            assertEquals(Math.sqrt(squares / 2), bits.steps().get(row).sd(), 1e-12);
            assertEquals(mean, bits.divergence().get(row).mean(), 1e-12);
        }
    }

    @Test
    void aModelOfRealSizeStaysBelowTwoMegabytes() {
        Geometry real = Geometry.raster("janus", 24, 16, 16, 64, new Grid(24, 24));
        Profile profile = profile(real, Statistics.all(real));
        DataFolder files = new DataFolder();
        String page = HtmlReport.page(Reports.of(sources(profile, ssd(profile, "20%", "0.5"))), files);
        int bytes = page.getBytes(StandardCharsets.UTF_8).length;
        assertTrue(bytes < HtmlReport.MOST_BYTES, bytes + " bytes");
        assertEquals(6, drawings(page, "offsets"));
        assertEquals(1 + 6 * 5, drawings(page, "token-maps"));
        assertEquals(8 + 6 + 1, drawings(page, "received"), "an even choice of 24 layers");
        assertEquals(2 + 24 + 6, lines(files, "received.csv").getFirst().size());
    }

    @Test
    void windowSizesRiseFromOneTokenToAll() {
        for (int most : new int[] {1, 2, 5, 255, 575, 4095}) {
            int[] sizes = RasterCharts.sizes(most);
            assertEquals(1, sizes[0]);
            assertEquals(most, sizes[sizes.length - 1]);
            assertArrayEquals(Arrays.stream(sizes).sorted().distinct().toArray(), sizes);
        }
    }

    private static long drawings(String page, String section) {
        return Xml.all(Xml.parse(page), "svg").stream()
                .filter(svg -> {
                    org.w3c.dom.Node node = svg;
                    while (!(node instanceof Element e && e.getTagName().equals("section"))) {
                        node = node.getParentNode();
                    }
                    return ((Element) node).getAttribute("id").equals(section);
                })
                .count();
    }

    private static List<List<String>> lines(DataFolder files, String name) {
        return CsvReader.read(new String(files.files().get(name), StandardCharsets.UTF_8));
    }
}
