package org.headwise.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.headwise.reports.ReportData.BitAgreement;
import org.headwise.reports.ReportData.HeadStatistic;
import org.headwise.reports.ReportData.LedgerSeries;
import org.headwise.reports.ReportData.Measure;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class ChartsTest {
    private static final Pattern CELLS = Pattern.compile("M([0-9.]+),([0-9.]+)H([0-9.]+)");

    @RepeatedTest(20)
    void everyCellHasThePlaceAndColourOfItsValue() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        double[][] values = new double[5][7];
        for (double[] row : values) {
            Arrays.setAll(row, i -> random.nextDouble() * 40 - 7);
        }
        values[2][3] = Double.NaN;
        double low = Arrays.stream(values)
                .flatMapToDouble(Arrays::stream)
                .filter(Double::isFinite)
                .min()
                .orElseThrow();
        double high = Arrays.stream(values)
                .flatMapToDouble(Arrays::stream)
                .filter(Double::isFinite)
                .max()
                .orElseThrow();
        Svg svg = Charts.heads(new HeadStatistic("", "entropy", "nats", "", values));
        double left = svg.plot().left() * svg.width();
        double top = svg.plot().top() * svg.height();
        double cell = svg.plot().width() * svg.width() / 7;
        assertEquals(cell, svg.plot().height() * svg.height() / 5, 1e-9, "cells are square");
        assertEquals(Math.rint(cell), cell, 1e-9, "cells are whole pixels");
        String[][] colours = new String[5][7];
        for (Element path : Xml.all(Xml.parse(svg.document()), "path")) {
            Matcher m = CELLS.matcher(path.getAttribute("d"));
            while (m.find()) {
                int r = (int) Math.round((Double.parseDouble(m.group(2)) - top) / cell);
                int end = (int) Math.round((Double.parseDouble(m.group(3)) - left) / cell);
                for (int c = (int) Math.round((Double.parseDouble(m.group(1)) - left) / cell); c < end; c++) {
                    assertNull(colours[r][c], "seed " + seed + ": painted twice at " + r + "," + c);
                    colours[r][c] = path.getAttribute("style");
                }
            }
        }
        for (int r = 0; r < 5; r++) {
            for (int c = 0; c < 7; c++) {
                String at = "seed " + seed + " at " + r + "," + c;
                if (Double.isNaN(values[r][c])) {
                    assertNull(colours[r][c], at);
                    continue;
                }
                double share = (values[r][c] - low) / (high - low);
                int level = (int) Math.min(63, Math.floor(share * 64));
                String colour =
                        String.format("#%06x", ColourScale.at(level / 63.0).getRGB() & 0xffffff);
                assertNotNull(colours[r][c], at);
                assertTrue(colours[r][c].contains(colour), at);
            }
        }
    }

    @Test
    void stepsOfTheLedgerRiseAsTheBytesDo() {
        List<Long> bytes = List.of(1L << 20, 2L << 20, 4L << 20, 3L << 20);
        Document svg = Xml.parse(Charts.memory(List.of(new LedgerSeries("full cache", true, bytes, List.of())))
                .document());
        List<Double> heights = new ArrayList<>();
        for (Element line : Xml.all(svg, "line")) {
            boolean level = line.getAttribute("y1").equals(line.getAttribute("y2"));
            if (level && line.getAttribute("style").contains("dasharray")) {
                heights.add(Double.parseDouble(line.getAttribute("y1")));
            }
        }
        List<Double> distinct = heights.stream().distinct().toList();
        assertEquals(4, distinct.size(), heights.toString());
        double unit = distinct.get(0) - distinct.get(1);
        assertTrue(unit > 0);
        assertEquals(2 * unit, distinct.get(1) - distinct.get(2), 0.25);
        assertEquals(-unit, distinct.get(2) - distinct.get(3), 0.25);
    }

    @Test
    void namesAndUnitsAreText() {
        for (String hostile : Hostile.STRINGS) {
            double[][] values = {{1, 2}, {3, 4}};
            Svg heads = Charts.heads(new HeadStatistic("", hostile, hostile, hostile, values));
            Svg plain = Charts.heads(new HeadStatistic("", "x", "x", "x", values));
            assertEquals(withoutText(plain), withoutText(heads), hostile);
            Svg bits = Charts.bits(
                    List.of(new BitAgreement(hostile, List.of(new Measure(1, 0, 3), new Measure(0.9, 0.1, 3)))),
                    "bits",
                    "step");
            for (Element element : Xml.all(Xml.parse(bits.document()), "*")) {
                assertTrue(
                        List.of("svg", "g", "path", "rect", "line", "text", "circle", "ellipse", "polygon")
                                .contains(element.getTagName()),
                        element.getTagName());
                assertFalse(element.hasAttribute("id"));
            }
        }
    }

    @Test
    void missingAndInfiniteValuesAreLeftOut() {
        double nan = Double.NaN;
        Svg map = Charts.heads(new HeadStatistic("", "x", "", "", new double[][] {{nan, nan}}));
        assertTrue(map.document().contains("layer"));
        Svg bits = Charts.bits(
                List.of(new BitAgreement(
                        "a", List.of(new Measure(nan, nan, 0), new Measure(Double.POSITIVE_INFINITY, nan, 1)))),
                "bits",
                "step");
        assertFalse(bits.document().contains("NaN"));
        assertFalse(bits.document().contains("Infinity"));
    }

    @Test
    void sameNumbersGiveTheSameDrawing() {
        HeadStatistic statistic = new HeadStatistic("", "x", "", "", new double[][] {{1, 2}, {3, 4}});
        assertEquals(Charts.heads(statistic).document(), Charts.heads(statistic).document());
    }

    private static List<String> withoutText(Svg svg) {
        return Xml.shape(Xml.parse(svg.document())).stream()
                .filter(s -> !s.startsWith("text"))
                .toList();
    }
}
