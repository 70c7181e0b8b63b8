package org.headwise.reports;

import java.awt.BasicStroke;
import java.awt.Paint;
import java.awt.Rectangle;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jfree.chart.axis.AxisSpace;
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
 * @param frame cells that get a line around them, columns and rows
 * @param bar whether the colour bar is drawn
 * @param outline whether a thin line goes around all cells, empty ones included
 * @param ticks what stands at the axes instead of the cells' numbers and the ends of the range
 */
record HeatMap(
        String xLabel,
        String yLabel,
        String valueLabel,
        double[][] values,
        double low,
        double high,
        boolean[][] marked,
        Optional<Rectangle> frame,
        boolean bar,
        boolean outline,
        Optional<Marks> ticks) {
    private static final int WIDEST = 280;
    private static final int TALLEST = 400;
    private static final int AXIS = 26;

    /** Marks of the columns, the rows and the colours. */
    record Marks(List<Ticks.Tick> x, List<Ticks.Tick> y, List<Ticks.Tick> colours) {}

    HeatMap(String xLabel, String yLabel, String valueLabel, double[][] values, double low, double high) {
        this(
                xLabel,
                yLabel,
                valueLabel,
                values,
                low,
                high,
                new boolean[values.length][values[0].length],
                Optional.empty(),
                true,
                false,
                Optional.empty());
    }

    /** The same with dots on some cells. */
    HeatMap marking(boolean[][] cells) {
        return new HeatMap(xLabel, yLabel, valueLabel, values, low, high, cells, frame, bar, outline, ticks);
    }

    /** The same with a line around some cells. */
    HeatMap framing(Rectangle cells) {
        return new HeatMap(
                xLabel, yLabel, valueLabel, values, low, high, marked, Optional.of(cells), bar, outline, ticks);
    }

    /** The same with other marks at the axes. */
    HeatMap labelling(Marks marks) {
        return new HeatMap(
                xLabel, yLabel, valueLabel, values, low, high, marked, frame, bar, outline, Optional.of(marks));
    }

    /** The same as one of several with one scale, whose colour bar is drawn elsewhere. */
    HeatMap withoutBar() {
        return new HeatMap(xLabel, yLabel, valueLabel, values, low, high, marked, frame, false, outline, ticks);
    }

    /** The same with a thin line around all cells, for maps of which many cells are empty. */
    HeatMap outlined() {
        return new HeatMap(xLabel, yLabel, valueLabel, values, low, high, marked, frame, bar, true, ticks);
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
                Shown.label(xLabel, 60),
                -0.5,
                columns() - 0.5,
                ticks.map(Marks::x).orElseGet(() -> Ticks.indices(columns(), Math.max(2, width / 20))));
        FixedTicks y = new FixedTicks(
                null,
                -0.5,
                rows() - 0.5,
                ticks.map(Marks::y).orElseGet(() -> Ticks.indices(rows(), Math.max(2, height / 15))));
        y.setInverted(true);
        x.setAxisLineVisible(false);
        y.setAxisLineVisible(false);
        XYPlot plot = Canvas.plot(x, y);
        AxisSpace left = new AxisSpace();
        left.setLeft(AXIS);
        plot.setFixedRangeAxisSpace(left);
        plot.addAnnotation(new HeatCells(values, low, high));
        frame.ifPresent(cells -> plot.addAnnotation(new HeatFrame(cells, rows(), columns())));
        plot.addAnnotation(new HeatDots(marked));
        var chart = Canvas.chart(plot, Shown.label(yLabel, 60));
        if (bar) {
            chart.addSubtitle(colours());
        }
        if (outline) {
            plot.setOutlineVisible(true);
            plot.setOutlinePaint(Ink.MUTED.light());
            plot.setOutlineStroke(new BasicStroke(0.5f));
        }
        return Canvas.draw(chart, width, height);
    }

    private PaintScaleLegend colours() {
        double top = high > low ? high : low + 1;
        PaintScale scale = new Scale(low, top);
        FixedTicks axis = new FixedTicks(
                Shown.label(valueLabel, 60), low, top, ticks.map(Marks::colours).orElseGet(() -> Ticks.ends(low, top)));
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
}
