package org.headwise.workbench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.ToLongFunction;
import org.headwise.analysis.Statistic;
import org.headwise.analysis.Statistics;
import org.headwise.memory.MemoryPlan;
import org.headwise.memory.MemoryRequest;
import org.headwise.model.Geometry;
import org.headwise.schedules.runtime.KvHolding;
import org.headwise.tensor.DType;

/**
 * What a command will hold beside the model, as far as it is known before the model is open.
 *
 * @param guided whether images have a second batch row
 * @param textTokens of the longest prompt, at most
 * @param outside bytes of compressed caches
 * @param keptLogits generations whose logits are held together
 * @param statistics bytes of what is measured
 * @param packed what draws several images at a time; null for one with the full cache
 */
record MemoryUse(
        boolean guided,
        int textTokens,
        ToLongFunction<Geometry> outside,
        int keptLogits,
        ToLongFunction<Geometry> statistics,
        Packed packed) {
    /**
     * Images that share a limit.
     *
     * @param limit bytes of keys and values
     * @param images that there are
     */
    record Packed(KvHolding holding, long limit, int images) {}

    /** Copies of the statistics that the merging of a run's shards holds. */
    private static final int COPIES = 3;

    /** Drawing these prompts with the full cache; a token is at least a byte of text. */
    static MemoryUse drawing(List<String> prompts, Float guidance) {
        int longest = prompts.stream()
                .mapToInt(prompt -> prompt.getBytes(StandardCharsets.UTF_8).length + 1)
                .max()
                .orElse(1);
        return new MemoryUse(guidance == null || guidance != 1, longest, geometry -> 0, 0, geometry -> 0, null);
    }

    /** Measuring these statistics too; none stands for all. */
    MemoryUse observing(List<String> names) {
        return new MemoryUse(
                guided,
                textTokens,
                outside,
                keptLogits,
                geometry -> {
                    List<Statistic> observed =
                            names.isEmpty() ? Statistics.all(geometry) : Statistics.named(geometry, names);
                    return COPIES
                            * observed.stream()
                                    .flatMap(statistic -> statistic.sums().arrays().values().stream())
                                    .mapToLong(array -> 8L * array.data().length)
                                    .sum();
                },
                packed);
    }

    /** Comparing with compressed caches, of which there is one at a time and not with the full one. */
    MemoryUse comparing(ToLongFunction<Geometry> pages) {
        return new MemoryUse(guided, textTokens, pages, 3, statistics, packed);
    }

    /** Drawing as many of so many images at a time as fit. */
    MemoryUse packed(KvHolding holding, long limit, int images) {
        return new MemoryUse(guided, textTokens, outside, keptLogits, statistics, new Packed(holding, limit, images));
    }

    MemoryRequest of(Geometry geometry, DType weights, int threads, int panel) {
        int rows = guided ? 2 : 1;
        if (packed != null) {
            return packed(geometry, rows, weights, threads, panel);
        }
        Geometry whole = geometry.raster() == null ? geometry : geometry.withPrompt(textTokens);
        return new MemoryRequest(
                1,
                guided,
                weights,
                MemoryPlan.fullCache(whole, rows, Float.BYTES),
                outside.applyAsLong(geometry),
                textTokens,
                keptLogits,
                statistics.applyAsLong(geometry),
                threads,
                panel);
    }

    private MemoryRequest packed(Geometry geometry, int rows, DType weights, int threads, int panel) {
        boolean raster = geometry.raster() != null;
        long one = packed.holding().bytes(geometry, raster ? textTokens : 0, rows);
        int images = Math.clamp(packed.limit() / one, 1, packed.images());
        boolean inHeap = raster || packed.holding().schedule() == null;
        return new MemoryRequest(
                images,
                guided,
                weights,
                inHeap ? images * one : 0,
                inHeap ? 0 : images * one,
                textTokens,
                keptLogits,
                statistics.applyAsLong(geometry),
                threads,
                panel);
    }
}
