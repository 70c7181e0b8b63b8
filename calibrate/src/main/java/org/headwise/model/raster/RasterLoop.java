package org.headwise.model.raster;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import org.headwise.attention.AttentionObserver;
import org.headwise.attention.BatchRow;
import org.headwise.attention.Guidance;
import org.headwise.attention.KvCache;
import org.headwise.files.InputRefused;
import org.headwise.model.ForwardProbe;
import org.headwise.model.Geometry;
import org.headwise.model.Sampler;
import org.headwise.tensor.NonFinite;
import org.headwise.tensor.Tensor;

/**
 * The token loop of raster models. With guidance image i has two batch rows, 2i conditional and 2i + 1 unconditional,
 * and a chosen token is fed to both.
 */
public record RasterLoop(RasterNetwork network, RasterPlan plan) {
    /**
     * The images of a batch whose prompts have one length. Rows do not look at each other, so parts of other lengths run
     * beside it, each at positions of its own.
     *
     * @param geometry that of these images, their prompt included
     * @param prompt embeddings of the prompts, [rows, prompt tokens, width], overwritten
     */
    public record Part(Geometry geometry, Tensor prompt) {}

    /**
     * Generates a batch.
     *
     * @param parts their images are those of the batch, in its order
     * @param seeds one per image
     * @param observer may be null
     * @param probe sees {@code stepT.hidden} [rows, width] and {@code stepT.logits} [rows, codes] before guidance; may be
     *     null
     */
    public RasterOutcome generate(
            List<Part> parts, List<Long> seeds, KvCache cache, AttentionObserver observer, ForwardProbe probe) {
        int batch = seeds.size();
        plan.check(batch, network.codes());
        List<LlamaTrunk.Pass> passes = begin(parts, cache, observer);
        Sampler sampler = new Sampler(plan.topK(), plan.topP());
        List<SplittableRandom> randoms =
                seeds.stream().map(SplittableRandom::new).toList();
        int steps = plan.image().tokens();
        int[] used = new int[batch * steps];
        List<int[]> ids = new ArrayList<>();
        List<float[]> kept = new ArrayList<>();
        long nanos = 0;
        Tensor x = null;
        for (int step = 0; step < steps; step++) {
            LlamaTrunk.Stepped stepped =
                    x == null ? prompts(parts, passes) : network.trunk().step(passes, step, x);
            nanos += stepped.attentionNanos();
            Tensor logits = network.head(stepped.hidden());
            if (probe != null) {
                probe.see("step" + step + ".hidden", stepped.hidden());
                probe.see("step" + step + ".logits", logits);
            }
            float[] mixed = mix(logits.data(), step);
            if (plan.keepLogits()) {
                kept.add(mixed.clone());
            }
            int[] sampled = sample(mixed, sampler, randoms);
            ids.add(sampled);
            int[] next = step < plan.forced().size() ? plan.forced().get(step) : sampled;
            for (int image = 0; image < batch; image++) {
                used[image * steps + step] = next[image];
            }
            if (step < steps - 1) {
                x = network.embed(perRow(next));
            }
        }
        return new RasterOutcome(ids, kept, used, nanos);
    }

    private List<LlamaTrunk.Pass> begin(List<Part> parts, KvCache cache, AttentionObserver observer) {
        List<KvCache> caches = cache.parts(parts.size());
        List<LlamaTrunk.Pass> passes = new ArrayList<>();
        int image = 0;
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            int images = part.prompt().dim(0) / rowsAnImage();
            List<BatchRow> rows = batchRows(image, images);
            passes.add(begin(part.geometry(), rows, caches.get(i), observer));
            image += images;
        }
        return passes;
    }

    private LlamaTrunk.Pass begin(Geometry geometry, List<BatchRow> rows, KvCache cache, AttentionObserver observer) {
        Rotation rotation = network.rotation(geometry);
        cache.begin(geometry, rows, rotation.keyTurn());
        return new LlamaTrunk.Pass(geometry, rotation, rows, cache, observer);
    }

    /** Step 0, part by part, as neighbours have prompts of different lengths. */
    private LlamaTrunk.Stepped prompts(List<Part> parts, List<LlamaTrunk.Pass> passes) {
        List<Tensor> hidden = new ArrayList<>();
        long nanos = 0;
        for (int i = 0; i < parts.size(); i++) {
            LlamaTrunk.Stepped stepped =
                    network.trunk().step(List.of(passes.get(i)), 0, parts.get(i).prompt());
            hidden.add(stepped.hidden());
            nanos += stepped.attentionNanos();
        }
        return new LlamaTrunk.Stepped(LlamaTrunk.joined(hidden), nanos);
    }

    private int rowsAnImage() {
        return plan.guided() ? 2 : 1;
    }

    /**
     * Runs some steps alone, in the middle of images, on a cache that has filled itself when it was begun: what
     * benchmarks time. Every image reads code 0 at first.
     *
     * @param geometry that of this generation, its prompt included
     * @param first the step to begin with, at least 1
     * @param after called when a step is over, with its number
     */
    public void stretch(Geometry geometry, int batch, int first, int count, KvCache cache, IntConsumer after) {
        if (first < 1 || count < 1 || first + count > plan.image().tokens()) {
            throw new InputRefused("steps " + first + " to " + (first + count - 1) + " are not among steps 1 to "
                    + (plan.image().tokens() - 1) + " of an image");
        }
        LlamaTrunk.Pass pass = begin(geometry, batchRows(0, batch), cache, null);
        Sampler sampler = new Sampler(plan.topK(), plan.topP());
        List<SplittableRandom> randoms = new ArrayList<>();
        for (int image = 0; image < batch; image++) {
            randoms.add(new SplittableRandom(image));
        }
        int[] ids = new int[batch];
        for (int step = first; step < first + count; step++) {
            Tensor x = network.embed(perRow(ids));
            Tensor logits =
                    network.head(network.trunk().step(List.of(pass), step, x).hidden());
            ids = sample(mix(logits.data(), step), sampler, randoms);
            after.accept(step);
        }
    }

    private List<BatchRow> batchRows(int first, int images) {
        List<BatchRow> rows = new ArrayList<>();
        for (int image = first; image < first + images; image++) {
            rows.add(new BatchRow(image, Guidance.CONDITIONAL));
            if (plan.guided()) {
                rows.add(new BatchRow(image, Guidance.UNCONDITIONAL));
            }
        }
        return rows;
    }

    private int[] perRow(int[] ids) {
        int[] out = new int[ids.length * rowsAnImage()];
        for (int row = 0; row < out.length; row++) {
            out[row] = ids[row / rowsAnImage()];
        }
        return out;
    }

    /** unconditional + guidance * (conditional - unconditional), divided by the temperature, [batch, codes]. */
    private float[] mix(float[] logits, int step) {
        int codes = network.codes();
        float[] mixed = new float[plan.guided() ? logits.length / 2 : logits.length];
        for (int i = 0; i < mixed.length; i++) {
            float logit = logits[i];
            if (plan.guided()) {
                int conditional = i / codes * 2 * codes + i % codes;
                float base = logits[conditional + codes];
                logit = base + plan.guidance(step) * (logits[conditional] - base);
            }
            mixed[i] = logit / plan.temperature(step);
        }
        return mixed;
    }

    private int[] sample(float[] logits, Sampler sampler, List<SplittableRandom> randoms) {
        NonFinite.check(logits, "the logits");
        int[] ids = new int[randoms.size()];
        for (int image = 0; image < ids.length; image++) {
            ids[image] = sampler.sample(logits, image * network.codes(), network.codes(), randoms.get(image));
        }
        return ids;
    }
}
