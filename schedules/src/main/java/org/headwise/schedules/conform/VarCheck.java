package org.headwise.schedules.conform;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.headwise.attention.AttentionObserver;
import org.headwise.attention.FullCache;
import org.headwise.attention.Guidance;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.model.var.VarConfig;
import org.headwise.model.var.VarGenerator;
import org.headwise.model.var.VarTokenizer;
import org.headwise.tensor.DType;
import org.headwise.tensor.Tensor;
import tools.jackson.databind.JsonNode;

/** Kind {@code var}: a greedy generation from classes, scale by scale, and the decoding of given ids. */
final class VarCheck implements CaseCheck {
    @Override
    public boolean covers(RecordedCase recorded) {
        return recorded.kind().equals("var");
    }

    @Override
    public void check(RecordedCase recorded, Workshop workshop, Comparison out) {
        JsonNode settings = recorded.get("config");
        VarConfig released = VarConfig.released();
        VarConfig config = new VarConfig(
                recorded.integers(settings.path("patch_nums")),
                recorded.integer(settings, "num_heads"),
                released.sampling(),
                released.transformer(),
                released.vae());
        try (Checkpoint transformer = Checkpoints.open(weights(recorded, "var"));
                Checkpoint image = Checkpoints.open(weights(recorded, "vae"))) {
            VarTokenizer tokenizer = new VarTokenizer(image, workshop.engine());
            VarGenerator generator = new VarGenerator(transformer, tokenizer, config, workshop.engine(), DType.F32);
            generation(recorded, generator, tokenizer, config, out);
            decoding(recorded, tokenizer, config, out);
        }
    }

    /** The manifest has a remark behind the name of each file. */
    private static Path weights(RecordedCase recorded, String which) {
        String name = recorded.get("weights").path(which).asString("").replaceAll(" .*", "");
        Path folder = recorded.manifest().toAbsolutePath().normalize().getParent();
        Path file = folder.resolve(name).normalize();
        if (name.isEmpty() || !file.startsWith(folder)) {
            throw recorded.refuse("weights/" + which + " names no file beside the manifest");
        }
        return file;
    }

    private static void generation(
            RecordedCase recorded, VarGenerator generator, VarTokenizer tokenizer, VarConfig config, Comparison out) {
        JsonNode inputs = recorded.get("inputs");
        List<Integer> labels = recorded.integers(inputs.path("labels"));
        List<int[]> forced = new ArrayList<>();
        for (int scale = 0; scale < config.scales().size(); scale++) {
            forced.add(recorded.tensor("idx_" + scale).toInts());
        }
        float guidance = 1 + (float) recorded.number(inputs, "cfg");
        VarGenerator.Plan plan = new VarGenerator.Plan(guidance, 1, 1, 0, forced, true);
        Map<String, float[]> attention = new HashMap<>();
        for (String name : recorded.tensorNames()) {
            if (name.startsWith("attn_s")) {
                attention.put(
                        name, new float[Math.toIntExact(recorded.tensor(name).elements())]);
            }
        }
        VarGenerator.Outcome outcome;
        try (FullCache cache = new FullCache()) {
            outcome = generator.generate(
                    labels,
                    plan,
                    Collections.nCopies(labels.size(), 0L),
                    cache,
                    observer(attention, labels.size()),
                    (name, value) -> intermediate(recorded, name, value, out));
        }
        for (int scale = 0; scale < config.scales().size(); scale++) {
            out.close(recorded.tensor("idx_" + scale), outcome.ids().get(scale), Tolerance.EXACT);
            compare(recorded, "logits_cfg_" + scale, outcome.logits().get(scale), "logits", out);
        }
        attention.forEach((name, got) -> compare(recorded, name, got, "attn", out));
        Tensor image = tokenizer.decode(outcome.summed());
        float[] shifted = image.data().clone();
        for (int i = 0; i < shifted.length; i++) {
            shifted[i] = (shifted[i] + 1) / 2;
        }
        compare(recorded, "image", shifted, "image", out);
    }

    private static void intermediate(RecordedCase recorded, String name, Tensor value, Comparison out) {
        String scale = name.substring("scale".length(), name.indexOf('.'));
        switch (name.substring(name.indexOf('.') + 1)) {
            case "logits" -> compare(recorded, "logits_raw_" + scale, value.data(), "logits", out);
            case "sum" -> compare(recorded, "f_hat_" + scale, value.data(), "f_hat", out);
            default -> compare(recorded, "next_map_" + scale, value.data(), "f_hat", out);
        }
    }

    /** [rows, heads, queries, keys] of every scale and layer. */
    private static AttentionObserver observer(Map<String, float[]> attention, int images) {
        return block -> {
            float[] into = attention.get("attn_s" + block.step() + "_l" + block.layer());
            int row = (block.guidance() == Guidance.CONDITIONAL ? 0 : images) + block.image();
            int queries = block.geometry().tokens(block.step());
            int head = (row * block.geometry().heads() + block.head()) * queries + block.firstQuery();
            for (int q = 0; into != null && q < block.queries(); q++) {
                int to = (head + q) * block.keys();
                if (to + block.keys() <= into.length) {
                    System.arraycopy(block.probabilities(), q * block.stride(), into, to, block.keys());
                }
            }
        };
    }

    private static void decoding(RecordedCase recorded, VarTokenizer tokenizer, VarConfig config, Comparison out) {
        if (!recorded.hasTensor("dec_idx_0")) {
            return;
        }
        int scales = config.scales().size();
        int last = config.scales().getLast();
        int batch = Math.toIntExact(recorded.tensor("dec_idx_0").shape()[0]);
        Tensor sum = Tensor.zeros(batch, tokenizer.channels(), last, last);
        for (int scale = 0; scale < scales; scale++) {
            int[] ids = recorded.tensor("dec_idx_" + scale).toInts();
            int side = config.scales().get(scale);
            if (ids.length != batch * side * side) {
                throw recorded.refuse(
                        "dec_idx_" + scale + " has " + ids.length + " ids, expected " + batch * side * side);
            }
            tokenizer.add(sum, ids, side, scales == 1 ? 0 : (double) scale / (scales - 1));
        }
        compare(recorded, "dec_image", tokenizer.decode(sum).data(), "image", out);
    }

    private static void compare(RecordedCase recorded, String name, float[] got, String tolerance, Comparison out) {
        if (recorded.hasTensor(name)) {
            out.close(recorded.tensor(name), got, recorded.tolerance(tolerance));
        }
    }
}
