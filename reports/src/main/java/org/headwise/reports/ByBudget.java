package org.headwise.reports;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** Charts of schedules: all in one as long as their lines can be told apart, else one for each budget. */
final class ByBudget {
    private static final int MOST_LINES = 8;

    private ByBudget() {}

    /**
     * Draws them.
     *
     * @param group what a schedule's chart is called where there are several
     * @param always which are in every chart
     * @param draw makes a chart of some schedules; its name is empty for the only one
     */
    static <T> Html charts(List<T> schedules, Function<T, String> group, Predicate<T> always, ToChart<List<T>> draw) {
        List<String> groups =
                schedules.stream().filter(always.negate()).map(group).distinct().toList();
        if (schedules.size() <= MOST_LINES || groups.size() < 2) {
            return draw.chart(schedules, "");
        }
        List<Html> charts = new ArrayList<>();
        for (String name : groups) {
            charts.add(Tag.P.of(Tag.SPAN.of(Html.data(name)).cls("name")));
            charts.add(draw.chart(
                    schedules.stream()
                            .filter(one -> always.test(one) || group.apply(one).equals(name))
                            .toList(),
                    " at " + name));
        }
        return Tag.DIV.of(charts);
    }

    /** Makes a chart. */
    @FunctionalInterface
    interface ToChart<T> {
        /** @param of what to add to the chart's title, or empty */
        Html chart(T shown, String of);
    }
}
