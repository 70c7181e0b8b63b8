package org.headwise.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.headwise.model.Geometry;
import org.headwise.reports.ReportData.HeadStatistic;
import org.headwise.reports.ReportData.RunInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class HtmlReportTest {
    private static final long SEED = 20260321;

    @Test
    void thePageIsWellFormedAndActsOnNothingOutside(@TempDir Path folder) throws IOException {
        Path target = folder.resolve("report.html");
        HtmlReport.write(sample(SampleReport.mini(), 64, s -> s), target);
        String html = Files.readString(target);
        Document page = Xml.parse(html);
        assertTrue(html.startsWith("<!DOCTYPE html>"));
        assertTrue(Xml.all(page, "script").isEmpty());
        assertTrue(Xml.all(page, "link").isEmpty());
        assertTrue(html.contains(
                "content=\"default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; img-src data:\""));
        Set<String> ids = new HashSet<>();
        for (Element element : Xml.all(page, "*")) {
            assertTrue(!element.hasAttribute("id") || ids.add(element.getAttribute("id")), "ids are unique");
        }
        for (Element link : Xml.all(page, "a")) {
            String href = link.getAttribute("href");
            if (href.startsWith("#")) {
                assertTrue(ids.contains(href.substring(1)), href + " leads nowhere");
            } else {
                assertTrue(Files.isRegularFile(folder.resolve(href)), href + " is missing");
            }
        }
        for (Element image : Xml.all(page, "img")) {
            assertTrue(image.getAttribute("src").startsWith("data:image/png;base64,"));
            assertFalse(image.getAttribute("alt").isEmpty());
        }
        String css = Xml.all(page, "style").getFirst().getTextContent();
        assertTrue(css.contains("prefers-color-scheme: dark"));
        for (String outside : List.of("http", "url(", "@import", "<", "&")) {
            assertFalse(css.contains(outside), "the style sheet holds " + outside);
        }
        assertEquals(html, html.replace("http://", "").replace("https://", ""), "no address in the page");
    }

    @Test
    void everyFigureHasItsNumbersAndAFile(@TempDir Path folder) throws IOException {
        HtmlReport.write(sample(SampleReport.mini(), 64, s -> s), folder.resolve("report.html"));
        Document page = Xml.parse(Files.readString(folder.resolve("report.html")));
        int charts = 0;
        for (Element figure : Xml.all(page, "figure")) {
            if (figure.getElementsByTagName("svg").getLength() > 0
                    && (figure.getElementsByTagName("h3").getLength() > 0
                            || figure.getElementsByTagName("h4").getLength() > 0)) {
                assertEquals(1, figure.getElementsByTagName("table").getLength());
                assertEquals(1, figure.getElementsByTagName("figcaption").getLength());
                charts++;
            }
        }
        assertEquals(7 + 7 + 3 + 4, charts, "statistics, stability, fidelity");
        List<List<String>> heads = CsvReader.read(Files.readString(folder.resolve("report-data/heads.csv")));
        assertEquals(1 + 64, heads.size());
        assertEquals(
                "Locality and sinks: mean distance [tokens]", heads.getFirst().get(2 + 8));
        ReportData data = sample(SampleReport.mini(), 64, s -> s);
        assertEquals(
                data.statistics().get(8).values()[7][6],
                Double.parseDouble(heads.get(1 + 7 * 8 + 6).get(2 + 8)));
        assertEquals(
                1 + 64 * 28,
                CsvReader.read(Files.readString(folder.resolve("report-data/scale-heat-heads.csv")))
                        .size());
        assertTrue(Files.size(folder.resolve("report-data/images/002-compressed-4.png")) > 100);
    }

    @Test
    void theSummaryAnswersWhatWasPaidAndSaved() {
        String html = page(sample(SampleReport.mini(), 16, s -> s));
        String text = Xml.all(Xml.parse(html), "section").getFirst().getTextContent();
        ReportData.Fidelity fidelity =
                sample(SampleReport.mini(), 16, s -> s).fidelity().orElseThrow();
        ReportData.FidelityPoint point = fidelity.points().get(3);
        assertTrue(
                text.contains("heatkv at a budget of 5% held at most " + Shown.bytes(point.peakBytes())
                        + " of KV cache instead of " + Shown.bytes(fidelity.fullPeakBytes())),
                text);
        assertTrue(text.contains("\u00a0\u00b1\u00a02.1\u00a0dB over 20 prompts"), text);
    }

    @Test
    void hostileStringsChangeNoElementAndNoAttribute() {
        List<String> plain =
                Xml.shape(Xml.parse(page(sample(SampleReport.geometry(2, 2, 4, 1, 2, 3), 8, s -> "name"))));
        for (String hostile : Hostile.STRINGS) {
            String html = page(sample(SampleReport.geometry(2, 2, 4, 1, 2, 3), 8, s -> hostile));
            List<String> shape = Xml.shape(Xml.parse(html));
            String what = Shown.label(hostile, 40);
            if (!hostile.isEmpty()) {
                assertEquals(withoutLabels(plain), withoutLabels(shape), what);
            }
            assertTrue(html.codePoints().allMatch(HtmlText::allowed), what);
            assertTrue(html.length() < 1_000_000, what);
        }
    }

    @Test
    void aLargeModelStaysBelowTwoMegabytes() {
        ReportData released = sample(SampleReport.large(), 256, s -> s);
        String html = page(released);
        assertTrue(html.getBytes(StandardCharsets.UTF_8).length < HtmlReport.MOST_BYTES);
        Document page = Xml.parse(html);
        long maps = Xml.all(page, "img").stream()
                .filter(i -> i.getAttribute("class").equals("mini"))
                .count();
        assertEquals(32 * 16, maps, "every head of 32 layers of 16 heads keeps its map");
    }

    @Test
    void aHugeModelGivesUpDetailsAndSaysSo() {
        Geometry huge = SampleReport.geometry(58, 36, 128, 1, 2, 4, 6, 8, 12, 16, 20, 24, 32, 40, 48, 64);
        String html = page(sample(huge, 64, s -> s));
        assertTrue(html.getBytes(StandardCharsets.UTF_8).length < HtmlReport.MOST_BYTES);
        assertTrue(html.contains("To stay below 2 MB this page leaves out some details"));
    }

    @Test
    void aModelOfHundredsOfStepsIsThinnedOut(@TempDir Path folder) throws IOException {
        Geometry raster = Geometry.raster("janus", 6, 4, 4, 16, new org.headwise.model.Grid(16, 16));
        ReportData data = sample(raster, 64, s -> s);
        HtmlReport.write(data, folder.resolve("report.html"));
        assertTrue(Files.size(folder.resolve("report.html")) < 1_500_000);
        String html = Files.readString(folder.resolve("report.html"));
        assertTrue(html.contains("of " + data.statistics().size() + " statistics; all are in"));
        List<String> header = CsvReader.read(Files.readString(folder.resolve("report-data/heads.csv")))
                .getFirst();
        assertEquals(2 + data.statistics().size(), header.size());
        assertEquals(
                1 + raster.steps().size(),
                CsvReader.read(Files.readString(folder.resolve("report-data/memory.csv")))
                        .size());
    }

    @Test
    void partsThatWereNotComputedNameTheirCommand() {
        Geometry geometry = SampleReport.mini();
        ReportData empty = new ReportData(
                "empty",
                new RunInfo("m", geometry, 0, List.of()),
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of());
        String html = page(empty);
        for (String command : List.of("evaluate", "calibrate", "analyze", "schedule", "sweep")) {
            assertTrue(html.contains("<code>headwise " + command), command);
        }
        assertTrue(Xml.all(Xml.parse(html), "svg").isEmpty());
    }

    @Test
    void theSameDataGivesTheSameBytes() {
        assertEquals(page(sample(SampleReport.mini(), 16, s -> s)), page(sample(SampleReport.mini(), 16, s -> s)));
    }

    @Test
    void dataOfAnotherGeometryIsRefused() {
        ReportData good = sample(SampleReport.mini(), 8, s -> s);
        HeadStatistic wrong = new HeadStatistic("", "x", "", "", new double[8][7]);
        assertThrows(
                IllegalArgumentException.class,
                () -> new ReportData(
                        "t",
                        good.run(),
                        List.of(wrong),
                        Optional.empty(),
                        List.of(),
                        Optional.empty(),
                        List.of(),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        List.of()));
    }

    private static ReportData sample(Geometry geometry, int pictureSide, UnaryOperator<String> names) {
        return new SampleReport(SEED, geometry, pictureSide, names).data();
    }

    private static String page(ReportData data) {
        return HtmlReport.page(data, new DataFolder());
    }

    /** Labels inside charts may be cut, doubled or empty; everything else must be the same. */
    private static List<String> withoutLabels(List<String> shape) {
        return shape.stream().filter(s -> !s.startsWith("text[")).toList();
    }
}
