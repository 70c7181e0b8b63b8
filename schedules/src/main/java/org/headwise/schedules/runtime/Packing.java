package org.headwise.schedules.runtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.headwise.attention.KeyValueObserver;
import org.headwise.attention.KvCache;
import org.headwise.attention.Ledger;
import org.headwise.attention.WatchedCache;
import org.headwise.files.InputRefused;
import org.headwise.model.Generation;
import org.headwise.model.GeometryJson;
import org.headwise.model.ImageModel;
import org.headwise.model.Request;

/**
 * Draws many images under a limit of KV memory: as many at a time as the forecast lets fit, all from one pool that
 * refuses to pass the limit. Images are drawn as they would be one at a time, whatever the lengths of the prompts that
 * share a batch.
 *
 * @param limit the most bytes of keys and values at any moment
 * @param most images at a time, however much memory there is
 */
public record Packing(ImageModel model, KvHolding holding, long limit, int most) {
    /**
     * Images that are drawn together.
     *
     * @param images indices within the request, those with shorter prompts first
     * @param bytes the most that their cache can allocate; with prompts of one length it does
     */
    public record Batch(List<Integer> images, long bytes) {}

    /** Takes what is drawn, batch by batch. */
    @FunctionalInterface
    public interface Sink {
        /** @param ledger bytes that were really allocated */
        void take(Batch batch, Generation drawn, Ledger ledger);
    }

    public Packing {
        if (most < 1) {
            throw new IllegalArgumentException("a batch has at least one image, got " + most);
        }
        if (holding.schedule() != null) {
            GeometryJson.requireSame(
                    model.geometry(),
                    holding.schedule().geometry(),
                    "schedule " + holding.schedule().method());
        }
    }

    /**
     * How many images run at once.
     *
     * @param promptTokens of each
     * @param rows batch rows of one image: 2 with guidance
     * @throws InputRefused if not even one does
     */
    public int atOnce(int promptTokens, int rows) {
        return (int) Math.min(most, limit / bytes(promptTokens, rows));
    }

    /** Bytes of one image, which fits. */
    private long bytes(int promptTokens, int rows) {
        long one = holding.bytes(model.geometry(), promptTokens, rows);
        if (one > limit) {
            throw new InputRefused("one image needs " + one + " bytes of KV memory with the " + holding.describe()
                    + (promptTokens > 0 ? " and a prompt of " + promptTokens + " tokens" : "")
                    + ", more than the limit of " + limit + "; raise the limit or lower the budget");
        }
        return one;
    }

    /** The batches that a request falls into, filled one after the other by the length of the prompts. */
    public List<Batch> batches(Request request) {
        int rows = rows(request);
        int[] tokens = request.prompts().stream().mapToInt(model::promptTokens).toArray();
        List<Integer> byLength = IntStream.range(0, tokens.length)
                .boxed()
                .sorted(Comparator.comparingInt(image -> tokens[image]))
                .toList();
        Map<Integer, Long> ofLength = new HashMap<>();
        for (int length : tokens) {
            ofLength.computeIfAbsent(length, some -> bytes(some, rows));
        }
        List<Batch> batches = new ArrayList<>();
        List<Integer> images = new ArrayList<>();
        long bytes = 0;
        for (int image : byLength) {
            long one = ofLength.get(tokens[image]);
            if (!images.isEmpty() && (bytes + one > limit || images.size() == most)) {
                batches.add(new Batch(List.copyOf(images), bytes));
                images.clear();
                bytes = 0;
            }
            images.add(image);
            bytes += one;
        }
        if (!images.isEmpty()) {
            batches.add(new Batch(List.copyOf(images), bytes));
        }
        return batches;
    }

    private static int rows(Request request) {
        return request.guidance().stream().allMatch(guidance -> guidance == 1) ? 1 : 2;
    }

    /** Draws all; nothing is drawn if one of the images cannot fit. */
    public void draw(Request request, Sink sink) {
        draw(request, List.of(), sink);
    }

    /** The same; the observers see what comes into the caches. */
    public void draw(Request request, List<KeyValueObserver> observers, Sink sink) {
        for (Batch batch : batches(request)) {
            int images = batch.images().size();
            try (KvCache cache = new WatchedCache(holding.cache(limit), images, observers)) {
                Generation drawn = model.generate(request.only(batch.images()), cache, null);
                sink.take(batch, drawn, cache.ledger());
            }
        }
    }
}
