package org.headwise.schedules.conform;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.headwise.attention.KvCache;
import org.headwise.datasets.Picture;
import org.headwise.model.Grid;
import org.headwise.model.image.Pictures;
import org.headwise.model.infinity.InfinityConfig;
import org.headwise.model.infinity.InfinityGenerator;
import org.headwise.model.infinity.InfinityGenerator.Outcome;
import org.headwise.model.infinity.InfinityGenerator.Plan;
import org.headwise.model.infinity.TextFeatures;
import org.headwise.tensor.Tensor;

/**
 * Replays a recorded generation and compares it scale by scale. Where a bit flips although the two logits are so near
 * that rounding decides, the recorded bits of all scales so far are forced and the run is repeated, so that the scales
 * behind it are judged as well.
 */
final class GenerationReplay {
    private final RecordedCase recorded;
    private final Workshop workshop;
    private final Comparison out;
    private final List<Grid> schedule;
    private final InfinityGenerator generator;
    private final InfinityConfig config;
    private final boolean greedy;
    private final int leak;

    GenerationReplay(RecordedCase recorded, Workshop workshop, Comparison out) {
        this.recorded = recorded;
        this.workshop = workshop;
        this.out = out;
        this.schedule = recorded.grids("scale_schedule");
        this.generator = workshop.transformer(recorded);
        this.config = workshop.config(recorded);
        this.greedy = recorded.integer("top_k", 1) == 1;
        this.leak = recorded.integer("gt_leak", 0);
        if (leak < 0 || leak > schedule.size()) {
            throw recorded.refuse("gt_leak is " + leak + " for " + schedule.size() + " scales");
        }
    }

    InfinityGenerator generator() {
        return generator;
    }

    List<Grid> schedule() {
        return schedule;
    }

    /** Batch rows of the run: twice the prompts under guidance. */
    int rows() {
        int prompts = TextInputs.read(recorded, "text").texts();
        boolean guided = recorded.floats("cfg_list").stream().anyMatch(g -> g != 1);
        return guided ? 2 * prompts : prompts;
    }

    /** Replays with a new cache for every run. */
    void compare(Supplier<KvCache> caches) {
        // Without a shared random generator nothing but the recorded bits can be followed.
        int forcedScales = greedy ? leak : schedule.size();
        if (!greedy) {
            out.note("sampled with top_k " + recorded.integer("top_k", 1) + ", so the recorded bits are forced");
        }
        for (int from = 0; from <= schedule.size(); ) {
            Map<String, Tensor> seen = new HashMap<>();
            Outcome outcome = run(forcedScales, caches, seen);
            int next = schedule.size() + 1;
            for (int scale = from; scale < schedule.size(); scale++) {
                compareScale(scale, outcome, seen);
                if (greedy && flips(scale, outcome) && scale >= forcedScales) {
                    next = scale + 1;
                    break;
                }
            }
            if (next > schedule.size()) {
                compareImage(outcome);
                return;
            }
            if (!recorded.hasTensor("scale" + (next - 1) + ".bits")) {
                out.fail("the bits of scale " + (next - 1) + " are not recorded, so later scales cannot be judged");
                return;
            }
            from = next;
            forcedScales = next;
        }
    }

    private Outcome run(int forcedScales, Supplier<KvCache> caches, Map<String, Tensor> seen) {
        TextFeatures text = TextInputs.read(recorded, "text");
        TextFeatures negative = recorded.hasTensor("neg.kv_compact") ? TextInputs.read(recorded, "neg") : null;
        List<int[]> forced = new ArrayList<>();
        for (int scale = 0; scale < forcedScales; scale++) {
            forced.add(bitsUsed(scale));
        }
        try (KvCache cache = caches.get()) {
            return generator.generate(
                    text, negative, plan(forced), Collections.nCopies(text.texts(), 0L), cache, null, (name, value) -> {
                        if (recorded.hasTensor(name)) {
                            seen.put(name, value.copy());
                        }
                    });
        }
    }

    private Plan plan(List<int[]> forced) {
        return new Plan(
                schedule,
                Workshop.largest(recorded, schedule),
                recorded.floats("cfg_list"),
                recorded.floats("tau_list"),
                recorded.has("cfg_insertion_layer")
                        ? recorded.integers(recorded.get("cfg_insertion_layer"))
                        : List.of(0),
                1,
                0,
                forced,
                true,
                rounded());
    }

    private boolean rounded() {
        String type = recorded.json().path("cross_attention_dtype").asString("fp32");
        return switch (type) {
            case "fp32" -> false;
            case "bf16-rounded" -> true;
            default ->
                throw recorded.refuse("cross_attention_dtype is \"" + type + "\", expected fp32 or bf16-rounded");
        };
    }

    /** What the recorded run went on with after a scale: the forced bits where there were some, else its own. */
    private int[] bitsUsed(int scale) {
        return scale < leak
                ? RecordedBits.tokens(recorded, recorded.tensor("gt_bits." + scale), config.patchify())
                : recorded.tensor("scale" + scale + ".bits").toInts();
    }

    private void compareScale(int scale, Outcome outcome, Map<String, Tensor> seen) {
        String prefix = "scale" + scale + ".";
        if (seen.containsKey(prefix + "input")) {
            out.close(
                    recorded.tensor(prefix + "input"),
                    seen.get(prefix + "input").data(),
                    recorded.tolerance("input", "hidden"));
        }
        float[] logits = outcome.logits().get(scale);
        for (String name : recorded.tensorNames()) {
            if (name.equals(prefix + "logits")) {
                out.close(recorded.tensor(name), logits, recorded.tolerance("logits"));
            } else if (name.startsWith(prefix + "logits_every")) {
                int step = every(name, prefix + "logits_every");
                out.close(recorded.tensor(name), everyToken(logits, scale, step), recorded.tolerance("logits"));
            }
        }
    }

    private int every(String name, String prefix) {
        String digits = name.substring(prefix.length());
        if (!digits.matches("[1-9][0-9]{0,5}")) {
            throw recorded.refuse("tensor " + name + " does not say which tokens it holds");
        }
        return Integer.parseInt(digits);
    }

    /** Logits of tokens 0, step, 2 * step, ... of every image. */
    private float[] everyToken(float[] logits, int scale, int step) {
        int tokens = schedule.get(scale).tokens();
        int width = 2 * generator.bitsPerToken();
        int batch = logits.length / (tokens * width);
        int kept = (tokens + step - 1) / step;
        float[] some = new float[batch * kept * width];
        for (int b = 0; b < batch; b++) {
            for (int t = 0; t < kept; t++) {
                System.arraycopy(logits, (b * tokens + t * step) * width, some, (b * kept + t) * width, width);
            }
        }
        return some;
    }

    /** Whether any bit of a scale differs; flips that rounding does not explain are failures. */
    private boolean flips(int scale, Outcome outcome) {
        String name = "scale" + scale + ".bits";
        if (!recorded.hasTensor(name)) {
            return false;
        }
        int[] expected = recorded.tensor(name).toInts();
        int[] got = outcome.bits().get(scale);
        if (expected.length != got.length) {
            out.fail(name + " has " + got.length + " bits, recorded are " + expected.length);
            return false;
        }
        float[] logits = outcome.logits().get(scale);
        String logitsName = "scale" + scale + ".logits";
        float[] golden =
                recorded.hasTensor(logitsName) ? recorded.tensor(logitsName).toFloats() : logits;
        int flips = 0;
        int wrong = 0;
        for (int i = 0; i < expected.length; i++) {
            if (expected[i] != got[i]) {
                flips++;
                double margin = Math.abs((double) golden[2 * i + 1] - golden[2 * i]);
                wrong += margin < flipMargin(golden[2 * i]) ? 0 : 1;
            }
        }
        if (wrong > 0) {
            out.fail(
                    name + ": " + wrong + " of " + expected.length + " bits differ where the logits are clearly apart");
        } else if (flips > 0) {
            out.note(
                    name + ": " + flips + " bits differ where rounding decides; later scales follow the recorded bits");
        }
        return flips > 0;
    }

    /** Below which distance of its two logits a bit may flip: as the manifest says, else what the logits' tolerance allows. */
    private double flipMargin(double logit) {
        String text = recorded.json().path("tolerance").path("bits").asString("");
        return text.isEmpty()
                ? 2 * recorded.tolerance("logits").allowed(logit)
                : Tolerance.bound(recorded.json().path("tolerance").path("bits"));
    }

    private void compareImage(Outcome outcome) {
        if (recorded.hasTensor("summed_codes")) {
            Tolerance tolerance =
                    recorded.toleranceIfAny("summed_codes", "codes").orElse(new Tolerance(1e-5, 0));
            out.close(recorded.tensor("summed_codes"), outcome.summed().data(), tolerance);
        }
        if (!recorded.hasTensor("image_u8") && !recorded.hasTensor("image_float")) {
            return;
        }
        Tensor image = workshop.vae(recorded).decode(outcome.summed(), null);
        if (recorded.hasTensor("image_float")) {
            out.close(recorded.tensor("image_float"), image.data(), recorded.tolerance("image_float"));
        }
        if (recorded.hasTensor("image_u8")) {
            out.close(recorded.tensor("image_u8"), bgr(image), recorded.tolerance("image_u8"));
        }
    }

    /** Images [batch, 3, H, W] as upstream writes them: bytes [batch, H, W, 3] with blue first. */
    static int[] bgr(Tensor image) {
        int[] bytes = new int[image.size()];
        int at = 0;
        for (Picture picture : Pictures.of(image)) {
            byte[] rgb = picture.rgb();
            for (int i = 0; i < rgb.length; i++) {
                bytes[at++] = rgb[i / 3 * 3 + 2 - i % 3] & 0xff;
            }
        }
        return bytes;
    }

    /** The bits that a case's run used at every scale. */
    static List<int[]> allBitsUsed(RecordedCase recorded, Workshop workshop) {
        GenerationReplay replay = new GenerationReplay(recorded, workshop, new Comparison());
        List<int[]> bits = new ArrayList<>();
        for (int scale = 0; scale < replay.schedule.size(); scale++) {
            bits.add(replay.bitsUsed(scale));
        }
        return bits;
    }

    /** A case's plan with every bit forced. */
    static Plan forcedPlan(RecordedCase recorded, Workshop workshop) {
        return new GenerationReplay(recorded, workshop, new Comparison()).plan(allBitsUsed(recorded, workshop));
    }
}
