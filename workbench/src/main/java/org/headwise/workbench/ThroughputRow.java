package org.headwise.workbench;

import java.util.List;
import org.headwise.workbench.TextTable.Column;

/**
 * How fast a batch runs under one cache.
 *
 * @param cache what holds keys and values
 * @param atOnce images at a time; 0 if not even one fits
 * @param rows batch rows
 * @param peak bytes of keys and values that were allocated at most
 * @param foreseen bytes that a whole image of the batch needs at most, by forecast
 * @param filled tokens of every row that were random numbers before the time was taken
 * @param tokens image tokens of every image that were timed
 * @param images that were finished; 0 if none was
 * @param all time of everything timed
 * @param step time of one step
 * @param weights bytes of matrices that a step reads; 0 if unknown
 */
record ThroughputRow(
        String cache,
        int atOnce,
        int rows,
        long peak,
        long foreseen,
        int filled,
        int tokens,
        int images,
        ComputingTime all,
        ComputingTime step,
        long weights) {
    /** A cache that not even one image fits into. */
    static ThroughputRow none(String cache, long foreseen) {
        ComputingTime never = new ComputingTime(Double.NaN, Double.NaN);
        return new ThroughputRow(cache, 0, 0, 0, foreseen, 0, 0, 0, never, never, 0);
    }

    /** Image tokens per second of all images together. */
    double tokensPerSecond() {
        return atOnce / step.seconds();
    }

    private double tokensPerCpuSecond() {
        return atOnce / step.cpuSeconds();
    }

    private double imagesPerSecond() {
        return images == 0 ? Double.NaN : images / all.seconds();
    }

    static TextTable table(List<ThroughputRow> rows, long limit, StreamingRead.Rate stream) {
        TextTable table = new TextTable(
                Column.of("cache", "cache"),
                Column.of("images_at_once", "at once"),
                Column.of("rows", "rows"),
                new Column("allocated_mib", "MiB allocated", "%.1f"),
                new Column("forecast_mib", "forecast", "%.1f"),
                Column.of("random_tokens", "random"),
                Column.of("timed_tokens", "timed"),
                new Column("images_per_second", "images/s", "%.4g"),
                new Column("tokens_per_second", "tokens/s", "%.4g"),
                new Column("step_ms", "ms a step", "%.4g"),
                new Column("tokens_per_cpu_second", "tokens/s CPU", "%.4g"),
                new Column("step_cpu_ms", "CPU ms", "%.4g"),
                new Column("gain", "gain", "%.2f"),
                new Column("weights_gb_per_second", "weights GB/s CPU", "%.2f"),
                new Column("stream_share", "of stream %", "%.1f"),
                new Column("kv_limit_mib", "limit", "%.1f"),
                new Column("stream_gb_per_second", "stream GB/s CPU", "%.2f"),
                new Column("stream_gb_per_second_clock", "by the clock", "%.2f"));
        double first = rows.stream()
                .filter(row -> row.cache.equals(rows.getFirst().cache))
                .mapToDouble(ThroughputRow::tokensPerCpuSecond)
                .reduce((a, b) -> b)
                .orElse(Double.NaN);
        for (ThroughputRow row : rows) {
            double rate = row.weights == 0 ? Double.NaN : row.weights / row.step.cpuSeconds();
            table.row(
                    row.cache,
                    row.atOnce,
                    row.rows,
                    mib(row.peak),
                    mib(row.foreseen),
                    row.filled,
                    row.tokens,
                    row.imagesPerSecond(),
                    row.tokensPerSecond(),
                    1000 * row.step.seconds(),
                    row.tokensPerCpuSecond(),
                    1000 * row.step.cpuSeconds(),
                    row.tokensPerCpuSecond() / first,
                    rate / 1e9,
                    100 * rate / stream.bytesPerCpuSecond(),
                    mib(limit),
                    stream.bytesPerCpuSecond() / 1e9,
                    stream.bytesPerSecond() / 1e9);
        }
        return table;
    }

    private static double mib(long bytes) {
        return bytes / (double) (1L << 20);
    }
}
