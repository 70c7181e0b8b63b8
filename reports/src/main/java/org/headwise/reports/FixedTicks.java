package org.headwise.reports;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.axis.TickType;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;

/** An axis whose marks are given, in the calm look that all charts of Headwise share. */
final class FixedTicks extends NumberAxis {
    private static final long serialVersionUID = 1;

    private final transient List<Ticks.Tick> ticks;

    FixedTicks(String label, double low, double high, List<Ticks.Tick> ticks) {
        super(label);
        this.ticks = List.copyOf(ticks);
        setRange(low, high);
        setLabelFont(Fonts.LABEL);
        setLabelPaint(Ink.MUTED.light());
        setLabelInsets(new RectangleInsets(4, 0, 0, 0));
        setTickLabelFont(Fonts.TICK);
        setTickLabelPaint(Ink.MUTED.light());
        setTickMarksVisible(false);
        setAxisLinePaint(Ink.MUTED.light());
        setAxisLineStroke(new BasicStroke(0.6f));
        setAutoTickUnitSelection(false);
    }

    @Override
    @SuppressWarnings("rawtypes") // the overridden method has no type argument
    public List refreshTicks(Graphics2D g2, AxisState state, Rectangle2D area, RectangleEdge edge) {
        boolean horizontal = RectangleEdge.isTopOrBottom(edge);
        TextAnchor anchor = horizontal ? TextAnchor.TOP_CENTER : TextAnchor.CENTER_RIGHT;
        return ticks.stream()
                .filter(tick -> getRange().contains(tick.value()))
                .map(tick -> new NumberTick(TickType.MAJOR, tick.value(), tick.label(), anchor, TextAnchor.CENTER, 0))
                .toList();
    }
}
