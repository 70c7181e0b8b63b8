package org.headwise.schedules.conform;

import java.util.ArrayList;
import java.util.List;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.AttentionObserver;
import org.headwise.attention.Guidance;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.datasets.Picture;
import org.headwise.model.ForwardProbe;
import org.headwise.model.image.Pictures;
import org.headwise.tensor.Tensor;

/** Collects what a run of Janus computes in the shapes in which it is recorded. */
final class JanusTrace implements AttentionObserver, ForwardProbe {
    private final RecordedCase recorded;
    private final int rows;
    private final int steps;
    private final int promptTokens;
    private final List<float[]> hidden = new ArrayList<>();
    private final List<float[]> conditional = new ArrayList<>();
    private final List<float[]> unconditional = new ArrayList<>();
    private final JanusStatistics statistics;
    /** [steps, layers, rows, heads, positions] and [layers, rows, heads, promptTokens, promptTokens], or null. */
    private float[] attention;

    private float[] prefill;

    JanusTrace(RecordedCase recorded, int rows, int steps, int promptTokens) {
        this.recorded = recorded;
        this.rows = rows;
        this.steps = steps;
        this.promptTokens = promptTokens;
        statistics = new JanusStatistics(recorded);
        attention = room("attn");
        prefill = room("prefill_attn");
    }

    private float[] room(String name) {
        return recorded.hasTensor(name)
                ? new float[Math.toIntExact(recorded.tensor(name).elements())]
                : null;
    }

    @Override
    public void see(String name, Tensor value) {
        if (name.endsWith(".hidden")) {
            hidden.add(value.data().clone());
        } else if (name.endsWith(".logits")) {
            conditional.add(everySecond(value, 0));
            unconditional.add(everySecond(value, 1));
        }
    }

    private static float[] everySecond(Tensor rows, int first) {
        int width = rows.dim(1);
        float[] out = new float[rows.size() / 2];
        for (int row = 0; row < rows.dim(0) / 2; row++) {
            System.arraycopy(rows.data(), (2 * row + first) * width, out, row * width, width);
        }
        return out;
    }

    @Override
    public void observe(AttentionBlock block) {
        statistics.observe(block);
        int row = 2 * block.image() + (block.guidance() == Guidance.CONDITIONAL ? 0 : 1);
        int heads = block.geometry().heads();
        int head = (block.layer() * rows + row) * heads + block.head();
        for (int q = 0; q < block.queries(); q++) {
            int query = block.firstQuery() + q;
            int from = q * block.stride();
            if (block.step() == 0 && prefill != null) {
                copy(block, from, prefill, (head * promptTokens + query) * promptTokens);
            }
            if ((block.step() > 0 || query == promptTokens - 1) && attention != null) {
                int all = block.geometry().layers() * rows * heads;
                int positions = promptTokens + steps - 1;
                copy(block, from, attention, (block.step() * all + head) * positions);
            }
        }
    }

    private static void copy(AttentionBlock block, int from, float[] into, int at) {
        if (at + block.keys() <= into.length) {
            System.arraycopy(block.probabilities(), from, into, at, block.keys());
        }
    }

    void compare(Comparison out) {
        close(out, "logits_cond", joined(conditional), "logits_cond_uncond", "logits");
        close(out, "logits_uncond", joined(unconditional), "logits_cond_uncond", "logits");
        close(out, "hidden_last", joined(hidden), "hidden_last", "hidden", "logits_cond_uncond", "logits");
        close(out, "attn", attention, "attn");
        close(out, "prefill_attn", prefill, "prefill_attn", "attn");
        statistics.compare(out);
    }

    private void close(Comparison out, String name, float[] got, String... tolerances) {
        if (recorded.hasTensor(name)) {
            out.close(recorded.tensor(name), got, recorded.tolerance(tolerances));
        }
    }

    static float[] joined(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    /** Compares decoded images with {@code image}, not clamped, and {@code image_u8} [batch, height, width, 3]. */
    static void compareImages(RecordedCase recorded, Tensor images, Comparison out) {
        if (recorded.hasTensor("image")) {
            out.close(recorded.tensor("image"), images.data(), recorded.tolerance("image"));
        }
        if (recorded.hasTensor("image_u8")) {
            StoredTensor expected = recorded.tensor("image_u8");
            int[] bytes = new int[images.size()];
            int at = 0;
            for (Picture picture : Pictures.of(images)) {
                for (byte level : picture.rgb()) {
                    bytes[at++] = level & 0xff;
                }
            }
            out.close(expected, bytes, recorded.tolerance("image_u8"));
        }
    }
}
