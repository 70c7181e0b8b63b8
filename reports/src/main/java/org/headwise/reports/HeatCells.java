package org.headwise.reports;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import org.jfree.chart.annotations.AbstractXYAnnotation;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.XYPlot;

/** The cells of a {@link HeatMap}: all of one colour as one path, which is small and leaves no seams. */
final class HeatCells extends AbstractXYAnnotation {
    private static final long serialVersionUID = 1;

    private final double[][] values;
    private final double low;
    private final double high;

    HeatCells(double[][] values, double low, double high) {
        this.values = values;
        this.low = low;
        this.high = high;
    }

    @Override
    public void draw(
            Graphics2D g2, XYPlot plot, Rectangle2D area, ValueAxis x, ValueAxis y, int index, PlotRenderingInfo info) {
        Path2D[] paths = new Path2D[ColourScale.LEVELS];
        double width = area.getWidth() / values[0].length;
        double height = area.getHeight() / values.length;
        for (int r = 0; r < values.length; r++) {
            int end;
            for (int c = 0; c < values[r].length; c = end) {
                int level = level(values[r][c]);
                end = c + 1;
                while (end < values[r].length && level(values[r][end]) == level) {
                    end++;
                }
                if (level >= 0) {
                    paths[level] = paths[level] == null ? new Path2D.Double() : paths[level];
                    rectangle(
                            paths[level], area.getX() + c * width, area.getY() + r * height, (end - c) * width, height);
                }
            }
        }
        g2.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_OFF);
        for (int level = 0; level < paths.length; level++) {
            if (paths[level] != null) {
                g2.setPaint(ColourScale.ofLevel(level, paths.length));
                g2.fill(paths[level]);
            }
        }
    }

    private int level(double value) {
        return Double.isFinite(value) ? ColourScale.level(value, low, high, ColourScale.LEVELS) : -1;
    }

    private static void rectangle(Path2D path, double x, double y, double width, double height) {
        path.moveTo(x, y);
        path.lineTo(x + width, y);
        path.lineTo(x + width, y + height);
        path.lineTo(x, y + height);
        path.closePath();
    }
}
