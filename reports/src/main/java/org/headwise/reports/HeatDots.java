package org.headwise.reports;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import org.jfree.chart.annotations.AbstractXYAnnotation;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.XYPlot;

/** Dots on cells of a {@link HeatMap}: dark with a light rim, to be seen on every colour. */
final class HeatDots extends AbstractXYAnnotation {
    private static final long serialVersionUID = 1;
    private static final double RIM = 0.30;
    private static final double CORE = 0.19;

    private final boolean[][] marked;

    HeatDots(boolean[][] marked) {
        this.marked = marked;
    }

    @Override
    public void draw(
            Graphics2D g2, XYPlot plot, Rectangle2D area, ValueAxis x, ValueAxis y, int index, PlotRenderingInfo info) {
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
