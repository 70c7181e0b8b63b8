package org.headwise.schedules.conform;

import org.headwise.model.infinity.InfinityGenerator;
import org.headwise.model.infinity.TextFeatures;
import org.headwise.tensor.Tensor;

/** Kind {@code unit}, text conditioning and the head on given hidden states. */
final class TextHeadCheck implements CaseCheck {
    @Override
    public boolean covers(RecordedCase recorded) {
        return recorded.kind().equals("unit") && recorded.hasTensor("sos") && recorded.hasTensor("text.kv_compact");
    }

    @Override
    public void check(RecordedCase recorded, Workshop workshop, Comparison out) {
        InfinityGenerator generator = workshop.transformer(recorded);
        TextFeatures text = TextInputs.read(recorded, "text");
        generator.condition(text, (name, value) -> {
            String recordedName = name.equals("cond_BD") ? "sos" : name;
            if (recorded.hasTensor(recordedName)) {
                out.close(recorded.tensor(recordedName), value.data(), recorded.tolerance(recordedName));
            }
        });
        if (recorded.hasTensor("head.x")) {
            Tensor logits = generator.head(text, recorded.tensor("head.x").toTensor());
            out.close(recorded.tensor("head.logits"), logits.data(), recorded.tolerance("head.logits", "logits"));
        }
    }
}
