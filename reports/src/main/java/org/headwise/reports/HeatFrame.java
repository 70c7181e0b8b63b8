package org.headwise.reports;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import org.jfree.chart.annotations.AbstractXYAnnotation;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.XYPlot;

/** A line around some cells of a {@link HeatMap}: white with a dark core, to be seen on every colour. */
final class HeatFrame extends AbstractXYAnnotation {
    private static final long serialVersionUID = 1;

    private static final double AWAY = 1.2;

    private final Rectangle cells;
    private final int rows;
    private final int columns;

    HeatFrame(Rectangle cells, int rows, int columns) {
        this.cells = cells;
        this.rows = rows;
        this.columns = columns;
    }

    @Override
    public void draw(
            Graphics2D g2, XYPlot plot, Rectangle2D area, ValueAxis x, ValueAxis y, int index, PlotRenderingInfo info) {
        double width = area.getWidth() / columns;
        double height = area.getHeight() / rows;
        // Around the cells, not on them: they may be small.
        Rectangle2D line = new Rectangle2D.Double(
                area.getX() + cells.x * width - AWAY,
                area.getY() + cells.y * height - AWAY,
                cells.width * width + 2 * AWAY,
                cells.height * height + 2 * AWAY);
        g2.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g2.setStroke(new BasicStroke(2.4f));
        g2.setPaint(Color.WHITE);
        g2.draw(line);
        g2.setStroke(new BasicStroke(0.8f));
        g2.setPaint(Color.BLACK);
        g2.draw(line);
    }
}
