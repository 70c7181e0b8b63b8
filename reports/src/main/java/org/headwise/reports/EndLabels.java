package org.headwise.reports;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jfree.chart.annotations.AbstractXYAnnotation;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.ui.RectangleEdge;

/** The names of lines beside their first or last points, pushed apart where they would overlap. */
final class EndLabels extends AbstractXYAnnotation {
    private static final long serialVersionUID = 1;
    private static final double SPACING = 13;
    private static final double GAP = 9;

    private final transient List<LineChart.Line> lines;
    private final LineChart.Side side;

    EndLabels(List<LineChart.Line> lines, LineChart.Side side) {
        this.lines = List.copyOf(lines);
        this.side = side;
    }

    private record Label(LineChart.Line line, double x, double y) {}

    @Override
    public void draw(
            Graphics2D g2, XYPlot plot, Rectangle2D area, ValueAxis x, ValueAxis y, int index, PlotRenderingInfo info) {
        List<Label> labels = new ArrayList<>();
        for (LineChart.Line line : lines) {
            int[] finite = IntStream.range(0, line.x().length)
                    .filter(i -> Double.isFinite(line.y()[i]))
                    .toArray();
            if (finite.length > 0 && !line.name().isEmpty()) {
                Comparator<Integer> byX = Comparator.comparingDouble(i -> line.x()[i]);
                int end = IntStream.of(finite)
                        .boxed()
                        .max(side == LineChart.Side.RIGHT ? byX : byX.reversed())
                        .orElseThrow();
                labels.add(new Label(
                        line,
                        x.valueToJava2D(line.x()[end], area, RectangleEdge.BOTTOM),
                        y.valueToJava2D(line.y()[end], area, RectangleEdge.LEFT)));
            }
        }
        labels.sort(Comparator.comparingDouble(Label::y));
        double[] places = apart(labels.stream().mapToDouble(Label::y).toArray(), area.getMinY() + 6, area.getMaxY());
        g2.setFont(Fonts.TICK);
        for (int i = 0; i < places.length; i++) {
            draw(g2, labels.get(i), places[i]);
        }
    }

    private void draw(Graphics2D g2, Label label, double y) {
        boolean right = side == LineChart.Side.RIGHT;
        String name = label.line().label();
        double start = right ? label.x() + GAP : label.x() - GAP - Fonts.width(name, Fonts.TICK);
        g2.setPaint(label.line().ink().light());
        if (Math.abs(y - label.y()) > 4) {
            g2.setStroke(new BasicStroke(0.6f));
            double from = label.x() + (right ? 3 : -3);
            g2.draw(new Line2D.Double(from, label.y(), label.x() + (right ? GAP - 1 : 1 - GAP), y));
        }
        g2.drawString(name, (float) start, (float) (y + 4));
    }

    /** Sorted places moved as little as needed to be {@link #SPACING} apart and within the area. */
    static double[] apart(double[] wanted, double top, double bottom) {
        double[] places = wanted.clone();
        double floor = top;
        for (int i = 0; i < places.length; i++) {
            places[i] = Math.max(places[i], floor);
            floor = places[i] + SPACING;
        }
        double ceiling = bottom;
        for (int i = places.length - 1; i >= 0; i--) {
            places[i] = Math.min(places[i], ceiling);
            ceiling = places[i] - SPACING;
        }
        return places;
    }
}
