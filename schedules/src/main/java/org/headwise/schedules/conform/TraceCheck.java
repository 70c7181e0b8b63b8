package org.headwise.schedules.conform;

import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import org.headwise.attention.FullCache;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.model.infinity.InfinityGenerator;
import org.headwise.model.infinity.TextFeatures;
import org.headwise.tensor.Tensor;

/** Kind {@code trace}: every intermediate tensor of another case's run, whose bits are forced. */
final class TraceCheck implements CaseCheck {
    @Override
    public boolean covers(RecordedCase recorded) {
        return recorded.kind().equals("trace");
    }

    @Override
    public void check(RecordedCase recorded, Workshop workshop, Comparison out) {
        try (RecordedCase run = recorded.other(recorded.get("of").asString(""))) {
            InfinityGenerator generator = workshop.transformer(run);
            TextFeatures text = TextInputs.read(recorded, "text");
            TextFeatures negative = run.hasTensor("neg.kv_compact") ? TextInputs.read(run, "neg") : null;
            Set<String> open = new HashSet<>(recorded.tensorNames());
            open.remove("text.kv_compact");
            open.remove("text.cu_seqlens");
            try (FullCache cache = new FullCache()) {
                generator.generate(
                        text,
                        negative,
                        GenerationReplay.forcedPlan(run, workshop),
                        Collections.nCopies(text.texts(), 0L),
                        cache,
                        null,
                        (name, value) -> {
                            if (open.remove(name)) {
                                compare(recorded, out, name, value);
                            }
                        });
            }
            if (!open.isEmpty()) {
                out.fail("the model shows no " + String.join(", ", open));
            }
        }
    }

    private static void compare(RecordedCase recorded, Comparison out, String name, Tensor value) {
        StoredTensor expected = recorded.tensor(name);
        boolean perHead = name.endsWith(".q") || name.endsWith(".attn");
        out.close(expected, perHead ? headsFirst(value) : value.data(), recorded.tolerance("hidden"));
    }

    /** [rows, tokens, heads, numbers] as [rows, heads, tokens, numbers]. */
    private static float[] headsFirst(Tensor x) {
        int tokens = x.dim(1);
        int heads = x.dim(2);
        int numbers = x.dim(3);
        float[] out = new float[x.size()];
        for (int row = 0; row < x.dim(0); row++) {
            for (int t = 0; t < tokens; t++) {
                for (int h = 0; h < heads; h++) {
                    int from = ((row * tokens + t) * heads + h) * numbers;
                    int to = ((row * heads + h) * tokens + t) * numbers;
                    System.arraycopy(x.data(), from, out, to, numbers);
                }
            }
        }
        return out;
    }
}
