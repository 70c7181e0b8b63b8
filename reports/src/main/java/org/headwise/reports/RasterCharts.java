package org.headwise.reports;

import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.headwise.model.Grid;
import org.headwise.reports.LineChart.Line;
import org.headwise.reports.LineChart.Look;
import org.headwise.reports.LineChart.Side;
import org.headwise.reports.RasterLook.Classes;
import org.headwise.reports.RasterLook.HeadLook;
import org.headwise.reports.RasterLook.Landmark;
import org.headwise.reports.RasterLook.TokenLook;

/** The charts of where heads look on a raster. */
final class RasterCharts {
    /** Colours of offset maps go from this share to 1, by powers of ten: most offsets have hardly any. */
    private static final double LEAST = 1e-4;

    private static final int WIDEST = 220;
    private static final int SMALL = 120;
    private static final int MOST_SIZES = 40;

    private RasterCharts() {}

    /** Layers down, heads across: the score, with dots on semantic heads. */
    static Svg classes(RasterLook look, Classes classes) {
        return HeatMap.spanning("head", "layer", "sparsity", look.score())
                .marking(classes.semantic())
                .draw();
    }

    /** Attention by offset: the token being made is the dot, rows above it lie above, the neighbourhood is framed. */
    static Svg offsets(RasterLook look, HeadLook head) {
        int rows = head.offsets().length;
        int columns = head.offsets()[0].length;
        int middle = columns / 2;
        double[][] shown = new double[rows][];
        for (int row = 0; row < rows; row++) {
            int up = rows - 1 - row;
            shown[row] = Arrays.stream(head.offsets()[up])
                    .map(share -> Math.log10(Math.max(share, LEAST)))
                    .toArray();
            if (up == 0) {
                Arrays.fill(shown[row], middle, columns, Double.NaN);
            }
        }
        boolean[][] dot = new boolean[rows][columns];
        dot[rows - 1][middle] = true;
        int sides = Math.min(look.near().columns(), middle);
        int above = Math.min(look.near().rows(), rows - 1);
        HeatMap map = new HeatMap("columns to the right", "rows up", "share of attention", shown, Math.log10(LEAST), 0);
        return map.marking(dot)
                .framing(new Rectangle(middle - sides, rows - 1 - above, 2 * sides + 1, above + 1))
                .labelling(
                        new HeatMap.Marks(offsetTicks(columns, middle, 1), offsetTicks(rows, rows - 1, -1), powers()))
                .draw(Math.clamp(WIDEST / columns, 3, 14));
    }

    /** Marks at multiples of a round number to both sides of the cell {@code zero}. */
    private static List<Ticks.Tick> offsetTicks(int cells, int zero, int sign) {
        int stride = cells <= 9 ? 2 : cells <= 20 ? 4 : cells <= 40 ? 5 : cells <= 80 ? 10 : 20;
        return IntStream.range(0, cells)
                .filter(cell -> (cell - zero) % stride == 0)
                .mapToObj(cell -> new Ticks.Tick(cell, Integer.toString(sign * (cell - zero))))
                .toList();
    }

    /** The image with where the query of one token looks: the token is framed, those not yet made are empty. */
    static Svg token(Grid image, TokenLook look) {
        double[][] shown = new double[image.height()][image.width()];
        for (double[] row : shown) {
            Arrays.fill(row, Double.NaN);
        }
        for (int key = 0; key < look.mass().length; key++) {
            shown[key / image.width()][key % image.width()] = Math.log10(Math.max(look.mass()[key], LEAST));
        }
        Rectangle itself = new Rectangle(look.token() % image.width(), look.token() / image.width(), 1, 1);
        return new HeatMap("column", "row", "", shown, Math.log10(LEAST), 0)
                .framing(itself)
                .withoutBar()
                .outlined()
                .labelling(
                        new HeatMap.Marks(Ticks.indices(image.width(), 6), Ticks.indices(image.height(), 6), List.of()))
                .draw(Math.clamp(SMALL / Math.max(image.width(), image.height()), 3, 14));
    }

    /** The colours of {@link #token}, on their own. */
    static Svg shares() {
        int columns = ColourScale.LEVELS;
        double[] colours = IntStream.range(0, columns)
                .mapToDouble(column -> Math.log10(LEAST) * (1 - column / (columns - 1.0)))
                .toArray();
        List<Ticks.Tick> ticks = powers().stream()
                .map(tick -> new Ticks.Tick((columns - 1) * (1 - tick.value() / Math.log10(LEAST)), tick.label()))
                .toList();
        return new HeatMap(
                        "share of the token's attention",
                        "",
                        "",
                        new double[][] {colours, colours},
                        Math.log10(LEAST),
                        0)
                .withoutBar()
                .outlined()
                .labelling(new HeatMap.Marks(ticks, List.of(), List.of()))
                .draw(4);
    }

    private static List<Ticks.Tick> powers() {
        return IntStream.of(-4, -2, 0)
                .mapToObj(power -> new Ticks.Tick(power, Shown.percent(Math.pow(10, power))))
                .toList();
    }

    /**
     * The image with what each of its tokens receives.
     *
     * @param received by token, in queries
     * @param low value of the darkest colour, above 0: colours go by powers of ten
     * @param high value of the brightest one
     */
    static Svg received(Grid image, double[] received, double low, double high) {
        double[][] shown = new double[image.height()][image.width()];
        for (int token = 0; token < received.length; token++) {
            // The last one is never read.
            shown[token / image.width()][token % image.width()] =
                    token == received.length - 1 ? Double.NaN : Math.log10(Math.max(received[token], low));
        }
        List<Ticks.Tick> x = Ticks.indices(image.width(), 6);
        List<Ticks.Tick> y = Ticks.indices(image.height(), 6);
        double from = Math.log10(low);
        double to = Math.log10(high);
        List<Ticks.Tick> colours = DoubleStream.of(from, (from + to) / 2, to)
                .mapToObj(power -> new Ticks.Tick(power, Shown.significant(Math.pow(10, power), 2)))
                .toList();
        return new HeatMap("column", "row", "mass received, in queries", shown, from, to)
                .labelling(new HeatMap.Marks(x, y, colours))
                .draw(Math.clamp(150 / image.width(), 4, 14));
    }

    /** Mass that the prompt and a window hold by the window's size, a line per head and one for the mean. */
    static Svg windows(RasterLook look) {
        int most = look.windows().length - 1;
        int[] sizes = sizes(most);
        double[] x = IntStream.of(sizes).mapToDouble(RasterCharts::log2).toArray();
        List<Line> lines = new ArrayList<>();
        lines.add(Line.plain("mean of all heads", x, shares(look.windows(), sizes), Look.MARKED, -1));
        for (HeadLook head : look.heads()) {
            lines.add(Line.plain(head.name(), x, shares(head.windows(), sizes), Look.MARKED, lines.size() - 1));
        }
        List<Ticks.Tick> ticks = new ArrayList<>();
        for (int size = 1; size <= most; size *= 2) {
            ticks.add(new Ticks.Tick(log2(size), Integer.toString(size)));
        }
        return new LineChart(
                        "newest image tokens that are kept",
                        "share of attention on the prompt and them",
                        lines,
                        ticks,
                        0,
                        1,
                        Side.LEFT)
                .drawWide();
    }

    /** Mass on places that stand out, by row of the image. */
    static Svg landmarks(List<Landmark> landmarks) {
        int rows = landmarks.getFirst().byRow().length;
        double[] x = IntStream.range(0, rows).asDoubleStream().toArray();
        List<Line> lines = new ArrayList<>();
        landmarks.forEach(place -> lines.add(Line.plain(place.name(), x, place.byRow(), Look.MARKED, lines.size())));
        return new LineChart(
                        "row of the image being made",
                        "share of attention, mean over all heads",
                        lines,
                        Ticks.indices(rows, 20),
                        0,
                        Double.NaN,
                        Side.RIGHT)
                .drawWide();
    }

    /** 1 and more, about evenly by their logarithm. */
    static int[] sizes(int most) {
        return IntStream.range(0, MOST_SIZES)
                .map(i -> (int) Math.round(Math.pow(most, i / (MOST_SIZES - 1.0))))
                .distinct()
                .toArray();
    }

    /** Sums of many numbers end a little above 1. */
    private static double[] shares(double[] values, int[] indices) {
        return IntStream.of(indices).mapToDouble(i -> Math.min(1, values[i])).toArray();
    }

    private static double log2(double value) {
        return Math.log(value) / Math.log(2);
    }
}
