package org.headwise.workbench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.ToLongFunction;
import org.headwise.memory.MemoryPlan;
import org.headwise.memory.MemoryRequest;
import org.headwise.memory.ModelShapes;
import org.headwise.memory.WeightHolding;
import org.headwise.model.Geometry;
import org.headwise.schedules.runtime.KvHolding;
import org.headwise.tensor.DType;

/**
 * What a command will hold beside the model, as far as it is known before the model is open.
 *
 * @param guided whether images have a second batch row
 * @param decodes whether images are decoded
 * @param textTokens of the longest prompt, at most
 * @param cache how the full cache holds keys and values
 * @param pages bytes of compressed caches, for the geometry with the longest prompt
 * @param keptLogits generations whose logits are held together
 * @param statistics bytes of what is measured
 * @param packed what draws several images at a time; null for one with the full cache
 */
record MemoryUse(
        boolean guided,
        boolean decodes,
        int textTokens,
        DType cache,
        ToLongFunction<Geometry> pages,
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
        boolean guided = guidance == null || guidance != 1;
        return new MemoryUse(guided, true, longest, DType.F32, geometry -> 0, 0, geometry -> 0, null);
    }

    /** With the full cache held so. */
    MemoryUse with(CacheOptions caches) {
        return new MemoryUse(guided, decodes, textTokens, caches.type(), pages, keptLogits, statistics, packed);
    }

    /** Measuring these statistics instead of decoding images. */
    MemoryUse observing(StatisticOptions observed) {
        return new MemoryUse(
                guided,
                false,
                textTokens,
                cache,
                pages,
                keptLogits,
                geometry -> COPIES
                        * observed.of(geometry).stream()
                                .flatMap(statistic -> statistic.sums().arrays().values().stream())
                                .mapToLong(array -> 8L * array.data().length)
                                .sum(),
                packed);
    }

    /** Comparing with compressed caches, of which there is one at a time and not with the full one. */
    MemoryUse comparing(ToLongFunction<Geometry> compressed) {
        return new MemoryUse(guided, decodes, textTokens, cache, compressed, 3, statistics, packed);
    }

    /** Drawing as many of so many images at a time as fit. */
    MemoryUse packed(KvHolding holding, long limit, int images) {
        Packed together = new Packed(holding, limit, images);
        return new MemoryUse(guided, decodes, textTokens, cache, pages, keptLogits, statistics, together);
    }

    MemoryRequest of(ModelShapes shapes, WeightHolding weights, int threads) {
        int rows = guided ? 2 : 1;
        if (packed != null) {
            return packed(shapes, rows, weights, threads);
        }
        Geometry whole = shapes.prompted(textTokens);
        long full = MemoryPlan.fullCache(whole, rows, cache.bytes());
        long compressed = pages.applyAsLong(whole);
        // Pages of raster models are arrays of the heap, those of next-scale models lie outside it.
        boolean inHeap = whole.raster() != null;
        return new MemoryRequest(
                1,
                guided,
                decodes,
                weights,
                inHeap ? Math.max(full, compressed) : full,
                inHeap ? 0 : compressed,
                textTokens,
                keptLogits,
                statistics.applyAsLong(shapes.geometry()),
                threads);
    }

    private MemoryRequest packed(ModelShapes shapes, int rows, WeightHolding weights, int threads) {
        boolean raster = shapes.geometry().raster() != null;
        // Texts are at most so long; short ones run together first, and more of them fit.
        long longest = packed.holding().bytes(shapes.geometry(), raster ? shapes.promptTokens(textTokens) : 0, rows);
        long shortest = packed.holding().bytes(shapes.geometry(), raster ? shapes.promptTokens(0) : 0, rows);
        int images = Math.clamp(packed.limit() / shortest, 1, packed.images());
        long held = Math.max(longest, Math.min(packed.limit(), images * longest));
        boolean inHeap = raster || packed.holding().schedule() == null;
        return new MemoryRequest(
                images,
                guided,
                decodes,
                weights,
                inHeap ? held : 0,
                inHeap ? 0 : held,
                textTokens,
                keptLogits,
                statistics.applyAsLong(shapes.geometry()),
                threads);
    }
}
