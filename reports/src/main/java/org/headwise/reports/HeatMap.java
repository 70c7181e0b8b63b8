package org.headwise.reports;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Paint;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import org.jfree.chart.annotations.AbstractXYAnnotation;
import org.jfree.chart.axis.AxisSpace;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.PaintScale;
import org.jfree.chart.title.PaintScaleLegend;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;

/**
 * A grid of coloured cells, row 0 at the top, with its colour bar below.
 *
 * @param xLabel what the columns are
 * @param yLabel what the rows are
 * @param valueLabel what the colours are, with the unit
 * @param values [rows, columns]; NaN leaves a cell empty
 * @param low value of the darkest colour
 * @param high value of the brightest colour
 * @param marked [rows, columns], cells that get a dot
 */
record HeatMap(
        String xLabel,
        String yLabel,
        String valueLabel,
        double[][] values,
        double low,
        double high,
        boolean[][] marked) {
    private static final int WIDEST = 280;
    private static final int TALLEST = 400;
    private static final int AXIS = 26;

    HeatMap(String xLabel, String yLabel, String valueLabel, double[][] values, double low, double high) {
        this(xLabel, yLabel, valueLabel, values, low, high, new boolean[values.length][values[0].length]);
    }

    /** The same with dots on some cells. */
    HeatMap marking(boolean[][] cells) {
        return new HeatMap(xLabel, yLabel, valueLabel, values, low, high, cells);
    }

    /** A map whose colours span its own values. */
    static HeatMap spanning(String xLabel, String yLabel, String valueLabel, double[][] values) {
        double low = Arrays.stream(values)
                .flatMapToDouble(Arrays::stream)
                .filter(Double::isFinite)
                .min()
                .orElse(0);
        double high = Arrays.stream(values)
                .flatMapToDouble(Arrays::stream)
                .filter(Double::isFinite)
                .max()
                .orElse(1);
        return new HeatMap(xLabel, yLabel, valueLabel, values, low, high);
    }

    int rows() {
        return values.length;
    }

    int columns() {
        return values[0].length;
    }

    /** Cells as large as the figure's width and height allow, and their whole number of pixels. */
    Svg draw() {
        return draw(Math.clamp(Math.min(WIDEST / columns(), TALLEST / rows()), 5, 28));
    }

    Svg draw(int cell) {
        int width = columns() * cell;
        int height = rows() * cell;
        FixedTicks x = new FixedTicks(
                Shown.label(xLabel, 60), -0.5, columns() - 0.5, Ticks.indices(columns(), Math.max(2, width / 20)));
        FixedTicks y = new FixedTicks(null, -0.5, rows() - 0.5, Ticks.indices(rows(), Math.max(2, height / 15)));
        y.setInverted(true);
        x.setAxisLineVisible(false);
        y.setAxisLineVisible(false);
        XYPlot plot = Canvas.plot(x, y);
        AxisSpace left = new AxisSpace();
        left.setLeft(AXIS);
        plot.setFixedRangeAxisSpace(left);
        plot.addAnnotation(new Cells(values, low, high));
        plot.addAnnotation(new Dots(marked));
        var chart = Canvas.chart(plot, Shown.label(yLabel, 60));
        chart.addSubtitle(bar());
        return Canvas.draw(chart, width, height);
    }

    private PaintScaleLegend bar() {
        double top = high > low ? high : low + 1;
        PaintScale scale = new Scale(low, top);
        FixedTicks axis = new FixedTicks(Shown.label(valueLabel, 60), low, top, Ticks.ends(low, top));
        axis.setAxisLineVisible(false);
        PaintScaleLegend bar = new PaintScaleLegend(scale, axis);
        bar.setPosition(RectangleEdge.BOTTOM);
        bar.setStripWidth(8);
        bar.setStripOutlineVisible(false);
        bar.setSubdivisionCount(48);
        bar.setBackgroundPaint(null);
        bar.setMargin(new RectangleInsets(8, AXIS, 0, 0));
        bar.setPadding(RectangleInsets.ZERO_INSETS);
        return bar;
    }

    private record Scale(double low, double high) implements PaintScale {
        @Override
        public double getLowerBound() {
            return low;
        }

        @Override
        public double getUpperBound() {
            return high;
        }

        @Override
        public Paint getPaint(double value) {
            return ColourScale.ofLevel(ColourScale.level(value, low, high, ColourScale.LEVELS), ColourScale.LEVELS);
        }
    }

    /** All cells of one colour as one path, which is small and leaves no seams. */
    private static final class Cells extends AbstractXYAnnotation {
        private static final long serialVersionUID = 1;

        private final double[][] values;
        private final double low;
        private final double high;

        Cells(double[][] values, double low, double high) {
            this.values = values;
            this.low = low;
            this.high = high;
        }

        @Override
        public void draw(
                Graphics2D g2,
                XYPlot plot,
                Rectangle2D area,
                ValueAxis x,
                ValueAxis y,
                int index,
                PlotRenderingInfo info) {
            Path2D[] paths = new Path2D[ColourScale.LEVELS];
            double width = area.getWidth() / values[0].length;
            double height = area.getHeight() / values.length;
            for (int r = 0; r < values.length; r++) {
                for (int c = 0; c < values[r].length; c++) {
                    if (Double.isFinite(values[r][c])) {
                        int level = ColourScale.level(values[r][c], low, high, paths.length);
                        paths[level] = paths[level] == null ? new Path2D.Double() : paths[level];
                        rectangle(paths[level], area.getX() + c * width, area.getY() + r * height, width, height);
                    }
                }
            }
            g2.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_OFF);
            for (int level = 0; level < paths.length; level++) {
                if (paths[level] != null) {
                    Color colour = ColourScale.ofLevel(level, paths.length);
                    g2.setPaint(colour);
                    g2.fill(paths[level]);
                }
            }
        }

        private static void rectangle(Path2D path, double x, double y, double width, double height) {
            path.moveTo(x, y);
            path.lineTo(x + width, y);
            path.lineTo(x + width, y + height);
            path.lineTo(x, y + height);
            path.closePath();
        }
    }

    /** Dark with a light rim, to be seen on every colour. */
    private static final class Dots extends AbstractXYAnnotation {
        private static final long serialVersionUID = 1;
        private static final double RIM = 0.30;
        private static final double CORE = 0.19;

        private final boolean[][] marked;

        Dots(boolean[][] marked) {
            this.marked = marked;
        }

        @Override
        public void draw(
                Graphics2D g2,
                XYPlot plot,
                Rectangle2D area,
                ValueAxis x,
                ValueAxis y,
                int index,
                PlotRenderingInfo info) {
            g2.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            double width = area.getWidth() / marked[0].length;
            double height = area.getHeight() / marked.length;
            Path2D rims = new Path2D.Double();
            Path2D cores = new Path2D.Double();
            for (int r = 0; r < marked.length; r++) {
                for (int c = 0; c < marked[r].length; c++) {
                    if (marked[r][c]) {
                        double left = area.getX() + (c + 0.5) * width;
                        double top = area.getY() + (r + 0.5) * height;
                        rims.append(disc(left, top, RIM * Math.min(width, height)), false);
                        cores.append(disc(left, top, CORE * Math.min(width, height)), false);
                    }
                }
            }
            if (rims.getCurrentPoint() != null) {
                g2.setPaint(Color.WHITE);
                g2.fill(rims);
                g2.setPaint(Color.BLACK);
                g2.fill(cores);
            }
        }

        private static Ellipse2D disc(double x, double y, double radius) {
            return new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
        }
    }
}
