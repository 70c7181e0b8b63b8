package org.headwise.workbench;

import java.util.List;
import org.headwise.files.Json;
import org.headwise.workbench.TextTable.Column;
import tools.jackson.databind.node.ArrayNode;

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

    private double imagesPerCpuSecond() {
        return images == 0 ? Double.NaN : images / all.cpuSeconds();
    }

    /** For the terminal: what differs from row to row, rounded. */
    static TextTable table(List<ThroughputRow> rows, MemoryRate memory) {
        TextTable table = new TextTable(
                Column.of("cache", "cache"),
                Column.of("images_at_once", "at once"),
                new Column("allocated_mib", "KV MiB", "%.1f"),
                Column.of("random_tokens", "random"),
                Column.of("timed_tokens", "timed"),
                new Column("images_per_second", "images/s", "%.3g"),
                new Column("tokens_per_second", "tokens/s", "%.4g"),
                new Column("images_per_cpu_second", "CPU: images/s", "%.3g"),
                new Column("tokens_per_cpu_second", "tokens/s", "%.4g"),
                new Column("step_cpu_ms", "ms a step", "%.4g"),
                new Column("gain", "gain", "%.2f"),
                new Column("weights_gb_per_cpu_second", "weights GB/s", "%.2f"),
                new Column("memory_share", "of memory %", "%.1f"));
        double first = full(rows);
        for (ThroughputRow row : rows) {
            table.row(
                    row.cache,
                    row.atOnce,
                    mib(row.peak),
                    row.filled,
                    row.tokens,
                    row.imagesPerSecond(),
                    row.tokensPerSecond(),
                    row.imagesPerCpuSecond(),
                    row.tokensPerCpuSecond(),
                    1000 * row.step.cpuSeconds(),
                    row.tokensPerCpuSecond() / first,
                    row.weightsPerCpuSecond() / 1e9,
                    100 * row.weightsPerCpuSecond() / memory.bytesPerCpuSecond());
        }
        return table;
    }

    /** Everything, in units without prefixes. */
    static ArrayNode json(List<ThroughputRow> rows, MemoryRate memory, long limit) {
        ArrayNode array = Json.mapper().createArrayNode();
        double first = full(rows);
        for (ThroughputRow row : rows) {
            array.addObject()
                    .put("cache", row.cache)
                    .put("images_at_once", row.atOnce)
                    .put("rows", row.rows)
                    .put("kv_limit_bytes", limit)
                    .put("kv_allocated_bytes", row.peak)
                    .put("kv_forecast_bytes", row.foreseen)
                    .put("random_tokens", row.filled)
                    .put("timed_tokens", row.tokens)
                    .put("images", row.images)
                    .put("images_per_second", number(row.imagesPerSecond()))
                    .put("tokens_per_second", number(row.tokensPerSecond()))
                    .put("step_seconds", number(row.step.seconds()))
                    .put("images_per_cpu_second", number(row.imagesPerCpuSecond()))
                    .put("tokens_per_cpu_second", number(row.tokensPerCpuSecond()))
                    .put("step_cpu_seconds", number(row.step.cpuSeconds()))
                    .put("gain", number(row.tokensPerCpuSecond() / first))
                    .put("weights_bytes", row.weights)
                    .put("weights_bytes_per_second", number(row.weights / row.step.seconds()))
                    .put("weights_bytes_per_cpu_second", number(row.weightsPerCpuSecond()))
                    .put("memory_bytes_per_second", number(memory.bytesPerSecond()))
                    .put("memory_bytes_per_cpu_second", number(memory.bytesPerCpuSecond()));
        }
        return array;
    }

    private static Double number(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private double weightsPerCpuSecond() {
        return weights == 0 ? Double.NaN : weights / step.cpuSeconds();
    }

    /** Tokens per second of the largest batch of the first cache. */
    private static double full(List<ThroughputRow> rows) {
        return rows.stream()
                .filter(row -> row.cache.equals(rows.getFirst().cache))
                .toList()
                .getLast()
                .tokensPerCpuSecond();
    }

    private static double mib(long bytes) {
        return bytes / (double) (1L << 20);
    }
}
