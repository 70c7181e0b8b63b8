package org.headwise.workbench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.headwise.attention.KvCache;
import org.headwise.attention.PrefilledCache;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.ImageModel;
import org.headwise.model.Request;
import org.headwise.model.Sampling;
import org.headwise.model.raster.RasterSteps;
import org.headwise.schedules.runtime.KvHolding;
import org.headwise.schedules.runtime.Packing;

/**
 * Times batches of images of one prompt under a limit of KV memory.
 *
 * @param threads that compute
 * @param limit bytes of keys and values
 * @param weights bytes of matrices that a step reads; 0 if unknown
 */
record ThroughputBench(ImageModel model, int threads, String prompt, Sampling sampling, long limit, long weights) {
    /** Steps in cold code, and those that make the first batch of a size. */
    private static final int UNTIMED = 3;

    private static final int WARM = 12;
    private static final long WARM_NANOS = 2_000_000_000L;

    private int rowsAnImage() {
        return sampling.guidance() == 1 ? 1 : 2;
    }

    private int promptTokens() {
        return model.promptTokens(prompt);
    }

    long bytesOfOne(KvHolding holding) {
        return holding.bytes(model.geometry(), promptTokens(), rowsAnImage());
    }

    /** How many images fit; 0 if not even one does. */
    int largest(KvHolding holding) {
        return bytesOfOne(holding) > limit
                ? 0
                : new Packing(model, holding, limit, Integer.MAX_VALUE).atOnce(promptTokens(), rowsAnImage());
    }

    /** Draws whole images without decoding them, so many at a time. */
    ThroughputRow images(String name, KvHolding holding, int atOnce, int images) {
        List<Long> seeds = LongStream.range(1, images + 1).boxed().toList();
        Request request =
                Request.of(Collections.nCopies(images, prompt), seeds, sampling).undecoded();
        Packing packing = new Packing(model, holding, limit, atOnce);
        AtomicLong peak = new AtomicLong();
        ComputingTime.Watch watch = ComputingTime.start();
        packing.draw(request, (batch, drawn, ledger) -> peak.accumulateAndGet(ledger.peak(), Math::max));
        ComputingTime time = watch.read(threads);
        Geometry geometry = model.geometry();
        int tokens = geometry.raster() == null
                ? geometry.totalTokens()
                : geometry.raster().tokens();
        return new ThroughputRow(
                name,
                atOnce,
                atOnce * rowsAnImage(),
                peak.get(),
                bytesOfOne(holding) * atOnce,
                0,
                tokens,
                images,
                time,
                time.per((double) tokens * images / atOnce),
                geometry.raster() == null ? 0 : weights);
    }

    /**
     * Runs some steps of a batch whose cache was filled with random numbers as far as it would be there.
     *
     * @param token the first image token that is timed: step {@code token} makes it
     */
    ThroughputRow tokens(String name, KvHolding holding, int atOnce, int token, int count) {
        int begin = Math.max(1, token - UNTIMED);
        List<ComputingTime.Watch> started = new ArrayList<>();
        List<ComputingTime> ended = new ArrayList<>();
        try (KvCache cache = new PrefilledCache(holding.cache(limit), begin, 1)) {
            Runnable start = () -> started.add(ComputingTime.start());
            if (begin == token) {
                throw new InputRefused("the first " + UNTIMED + " image tokens are not timed; begin at token "
                        + (UNTIMED + 1) + " or later");
            }
            steps().steps(atOnce, sampling, promptTokens(), begin, token - begin + count, cache, step -> {
                if (step == token - 1) {
                    start.run();
                } else if (step == token + count - 1) {
                    ended.add(started.getFirst().read(threads));
                }
            });
            return new ThroughputRow(
                    name,
                    atOnce,
                    atOnce * rowsAnImage(),
                    cache.ledger().peak(),
                    bytesOfOne(holding) * atOnce,
                    promptTokens() + begin - 1,
                    count,
                    0,
                    ended.getFirst(),
                    ended.getFirst().per(count),
                    weights);
        }
    }

    /** Runs steps of a batch that do not count for two seconds at least; false if the model cannot. */
    boolean warmUp(KvHolding holding, int atOnce) {
        int last = model.geometry().steps().size() - 1;
        if (model instanceof RasterSteps && last > UNTIMED) {
            long start = System.nanoTime();
            do {
                tokens("", holding, atOnce, UNTIMED + 1, Math.min(WARM, last - UNTIMED));
            } while (System.nanoTime() - start < WARM_NANOS);
            return true;
        }
        return false;
    }

    private RasterSteps steps() {
        if (model instanceof RasterSteps steps) {
            return steps;
        }
        throw new InputRefused(model.geometry().family()
                + " makes whole scales, not tokens, so --tokens cannot be timed; leave it out to time whole images");
    }
}
