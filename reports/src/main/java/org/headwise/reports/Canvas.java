package org.headwise.reports;

import java.awt.geom.Rectangle2D;
import org.jfree.chart.ChartRenderingInfo;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.svg.SVGGraphics2D;

/** Draws a JFreeChart as {@link Svg}: no background, no border, the label of the upright axis above it, level. */
final class Canvas {
    private Canvas() {}

    static XYPlot plot(FixedTicks x, FixedTicks y) {
        XYPlot plot = new XYPlot(null, x, y, null);
        plot.setBackgroundPaint(null);
        plot.setOutlineVisible(false);
        plot.setInsets(new RectangleInsets(2, 0, 0, 0));
        plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
        plot.setDomainGridlinesVisible(false);
        plot.setRangeGridlinesVisible(false);
        return plot;
    }

    static JFreeChart chart(XYPlot plot, String upright) {
        JFreeChart chart = new JFreeChart(null, null, plot, false);
        chart.setBackgroundPaint(null);
        chart.setPadding(new RectangleInsets(2, 2, 2, 16));
        TextTitle title = new TextTitle(upright, Fonts.LABEL);
        title.setPaint(Ink.MUTED.light());
        title.setPosition(RectangleEdge.TOP);
        title.setHorizontalAlignment(HorizontalAlignment.LEFT);
        title.setPadding(new RectangleInsets(0, 0, 4, 0));
        chart.addSubtitle(title);
        return chart;
    }

    /** The drawing whose data area has exactly the given size in pixels; titles and axes come on top. */
    static Svg draw(JFreeChart chart, int plotWidth, int plotHeight) {
        Rectangle2D first = paint(chart, plotWidth + 60, plotHeight + 60, new SVGGraphics2D(1, 1));
        int width = (int) Math.ceil(plotWidth + 60 + plotWidth - first.getWidth());
        int height = (int) Math.ceil(plotHeight + 60 + plotHeight - first.getHeight());
        SVGGraphics2D graphics = new SVGGraphics2D(width, height);
        Rectangle2D data = paint(chart, width, height, graphics);
        Svg.Box box = new Svg.Box(
                data.getX() / width, data.getY() / height, data.getWidth() / width, data.getHeight() / height);
        return Svg.parse(graphics.getSVGElement(), width, height, box);
    }

    private static Rectangle2D paint(JFreeChart chart, int width, int height, SVGGraphics2D graphics) {
        ChartRenderingInfo info = new ChartRenderingInfo(null);
        chart.draw(graphics, new Rectangle2D.Double(0, 0, width, height), info);
        return info.getPlotInfo().getDataArea();
    }
}
