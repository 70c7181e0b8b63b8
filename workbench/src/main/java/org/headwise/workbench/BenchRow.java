package org.headwise.workbench;

import java.util.List;
import org.headwise.workbench.TextTable.Column;

/**
 * One measurement beside what it is compared with.
 *
 * @param measured what was measured, for example {@code product 512 x 512 x 512, F32}
 * @param value its median
 * @param against what it is compared with; null for nothing
 * @param other the median of that; NaN if it could not be made
 * @param ratio the median over the rounds of value over other
 * @param low a quarter of the rounds have a ratio of at most this
 * @param high a quarter of the rounds have a ratio of at least this
 */
record BenchRow(
        String measured,
        double value,
        String unit,
        String against,
        double other,
        double ratio,
        double low,
        double high) {
    /** Seconds beside nothing. */
    static BenchRow seconds(String measured, double[] seconds) {
        double none = Double.NaN;
        return new BenchRow(measured, Stopwatch.median(seconds), "s", null, none, none, none, none);
    }

    /** Seconds beside those of the same rounds of something else. */
    static BenchRow seconds(String measured, double[] seconds, String unit, String against, double[] other) {
        return of(measured, seconds, unit, against, other);
    }

    /**
     * Work per second beside that of something else in the same rounds.
     *
     * @param work of one call, in the unit times seconds
     * @param otherSeconds per round; null if it could not be measured
     */
    static BenchRow rate(
            String measured,
            double work,
            double[] seconds,
            String unit,
            String against,
            double otherWork,
            double[] otherSeconds) {
        return of(
                measured,
                rates(work, seconds),
                unit,
                against,
                otherSeconds == null ? null : rates(otherWork, otherSeconds));
    }

    private static double[] rates(double work, double[] seconds) {
        double[] rates = new double[seconds.length];
        for (int i = 0; i < rates.length; i++) {
            rates[i] = work / seconds[i];
        }
        return rates;
    }

    private static BenchRow of(String measured, double[] values, String unit, String against, double[] others) {
        double none = Double.NaN;
        if (others == null) {
            return new BenchRow(measured, Stopwatch.median(values), unit, against, none, none, none, none);
        }
        double[] ratios = new double[values.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = values[i] / others[i];
        }
        return new BenchRow(
                measured,
                Stopwatch.median(values),
                unit,
                against,
                Stopwatch.median(others),
                Stopwatch.median(ratios),
                Rounds.quantile(ratios, 0.25),
                Rounds.quantile(ratios, 0.75));
    }

    static TextTable table(List<BenchRow> rows) {
        TextTable table = new TextTable(
                Column.of("measured", "measured"),
                new Column("value", "headwise", "%.4g"),
                Column.of("unit", "unit"),
                Column.of("against", "beside"),
                new Column("other", "", "%.4g"),
                new Column("ratio", "ratio", "%.3f"),
                new Column("low", "from", "%.3f"),
                new Column("high", "to", "%.3f"));
        rows.forEach(row ->
                table.row(row.measured, row.value, row.unit, row.against, row.other, row.ratio, row.low, row.high));
        return table;
    }
}
