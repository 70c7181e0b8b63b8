package org.headwise.reports;

import java.awt.BasicStroke;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.renderer.xy.XYItemRenderer;
import org.jfree.chart.renderer.xy.XYStepRenderer;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;

/**
 * Lines with error bars over a common axis; each line's name stands beside its end.
 *
 * @param xTicks marks of the level axis; they also fix its range together with the data
 * @param from a value that the upright axis must include, or NaN
 * @param to another such value, or NaN
 */
record LineChart(
        String xLabel, String yLabel, List<Line> lines, List<Ticks.Tick> xTicks, double from, double to, Side side) {
    private static final int WIDTH = 430;
    private static final int WIDE = 620;
    private static final int HEIGHT = 250;
    private static final int LONGEST_NAME = 28;

    /** Where the names stand. */
    enum Side {
        LEFT,
        RIGHT
    }

    /** How a line looks. */
    enum Look {
        MARKED,
        STEPS,
        DOTS,
        RINGS
    }

    /**
     * One line. Points whose y is not finite are left out.
     *
     * @param low lower ends of the error bars, or empty
     * @param series index of colour and marker; negative for a reference line
     */
    record Line(String name, double[] x, double[] y, double[] low, double[] high, Look look, int series) {
        static Line plain(String name, double[] x, double[] y, Look look, int series) {
            return new Line(name, x, y, new double[0], new double[0], look, series);
        }

        Line withoutBars() {
            return plain(name, x, y, look, series);
        }

        boolean hasBars() {
            return low.length > 0;
        }

        Ink ink() {
            return Ink.ofSeries(series);
        }

        String label() {
            return Shown.label(name, LONGEST_NAME);
        }
    }

    Svg draw() {
        return draw(WIDTH);
    }

    /** For a chart that stands alone in its row. */
    Svg drawWide() {
        return draw(WIDE);
    }

    private Svg draw(int width) {
        double longest = lines.stream()
                .mapToDouble(line -> Fonts.width(line.label(), Fonts.TICK))
                .max()
                .orElse(0);
        double share = Math.min(0.6, (longest + 18) / (width + longest));
        double[] x = range(lines.stream().flatMapToDouble(line -> Arrays.stream(line.x())), Double.NaN, Double.NaN);
        double room = share / (1 - share) * (x[1] - x[0]);
        double margin = 0.02 * (x[1] - x[0]);
        FixedTicks domain = new FixedTicks(
                Shown.label(xLabel, 80),
                x[0] - (side == Side.LEFT ? room : margin),
                x[1] + (side == Side.RIGHT ? room : margin),
                xTicks);
        double[] y = range(lines.stream().flatMapToDouble(LineChart::heights), from, to);
        List<Ticks.Tick> ticks = Ticks.nice(y[0], y[1], 5);
        double low = Math.min(y[0], ticks.getFirst().value());
        double high = Math.max(y[1], ticks.getLast().value());
        FixedTicks upright = new FixedTicks(null, low, high, ticks);
        upright.setAxisLineVisible(false);
        XYPlot plot = Canvas.plot(domain, upright);
        plot.setRangeGridlinesVisible(true);
        plot.setRangeGridlinePaint(Ink.GRID.light());
        plot.setRangeGridlineStroke(new BasicStroke(0.8f));
        for (int i = 0; i < lines.size(); i++) {
            plot.setDataset(i, data(lines.get(i)));
            plot.setRenderer(i, renderer(lines.get(i)));
        }
        plot.addAnnotation(new EndLabels(lines, side));
        return Canvas.draw(Canvas.chart(plot, Shown.label(yLabel, 80)), width + (int) longest, HEIGHT);
    }

    private static DoubleStream heights(Line line) {
        return DoubleStream.concat(
                Arrays.stream(line.y()), DoubleStream.concat(Arrays.stream(line.low()), Arrays.stream(line.high())));
    }

    private static double[] range(DoubleStream values, double from, double to) {
        double[] finite = DoubleStream.concat(values, DoubleStream.of(from, to))
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        if (finite.length == 0) {
            return new double[] {0, 1};
        }
        double low = finite[0];
        double high = finite[finite.length - 1];
        double pad = high > low ? 0 : Math.max(0.5, Math.abs(low) * 0.1);
        return new double[] {low - pad, high + pad};
    }

    private static YIntervalSeriesCollection data(Line line) {
        YIntervalSeries series = new YIntervalSeries("line");
        for (int i = 0; i < line.x().length; i++) {
            double y = line.y()[i];
            if (Double.isFinite(y)) {
                double low = line.hasBars() && Double.isFinite(line.low()[i]) ? line.low()[i] : y;
                double high = line.hasBars() && Double.isFinite(line.high()[i]) ? line.high()[i] : y;
                series.add(line.x()[i], y, low, high);
            }
        }
        YIntervalSeriesCollection data = new YIntervalSeriesCollection();
        data.addSeries(series);
        return data;
    }

    private static XYItemRenderer renderer(Line line) {
        BasicStroke stroke = line.series() < 0
                ? new BasicStroke(1.4f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {5, 3}, 0)
                : new BasicStroke(1.8f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
        XYItemRenderer renderer = line.look() == Look.STEPS ? steps() : marked(line);
        renderer.setSeriesPaint(0, line.ink().light());
        renderer.setSeriesStroke(0, line.look() == Look.RINGS ? new BasicStroke(1.2f) : stroke);
        renderer.setSeriesShape(0, marker(line.look() == Look.RINGS ? 0 : line.series()));
        return renderer;
    }

    private static XYItemRenderer steps() {
        XYStepRenderer renderer = new XYStepRenderer();
        renderer.setStepPoint(0.5);
        return renderer;
    }

    private static XYItemRenderer marked(Line line) {
        XYErrorRenderer renderer = new XYErrorRenderer();
        renderer.setDrawXError(false);
        renderer.setDrawYError(line.hasBars());
        renderer.setErrorPaint(line.ink().light());
        renderer.setErrorStroke(new BasicStroke(1f));
        renderer.setCapLength(5);
        renderer.setDefaultLinesVisible(line.look() == Look.MARKED);
        renderer.setDefaultShapesFilled(line.look() != Look.RINGS);
        renderer.setUseOutlinePaint(false);
        renderer.setDrawOutlines(line.look() == Look.RINGS);
        return renderer;
    }

    /** Markers differ in shape as well as in colour. */
    private static Shape marker(int series) {
        return switch (Math.floorMod(series, 4)) {
            case 1 -> new Rectangle2D.Double(-3, -3, 6, 6);
            case 2 -> polygon(0, -4.4, 4.4, 0, 0, 4.4, -4.4, 0);
            case 3 -> polygon(0, -4, 4, 3.4, -4, 3.4);
            default -> new Ellipse2D.Double(-3.3, -3.3, 6.6, 6.6);
        };
    }

    private static Shape polygon(double... points) {
        Path2D path = new Path2D.Double();
        path.moveTo(points[0], points[1]);
        for (int i = 2; i < points.length; i += 2) {
            path.lineTo(points[i], points[i + 1]);
        }
        path.closePath();
        return path;
    }
}
