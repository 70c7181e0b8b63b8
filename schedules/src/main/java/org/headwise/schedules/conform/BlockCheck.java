package org.headwise.schedules.conform;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.model.Grid;
import org.headwise.model.infinity.BlockReplay;
import org.headwise.model.infinity.TextFeatures;
import org.headwise.tensor.Tensor;

/** Kind {@code unit}, one transformer block driven over some scales with its cache. */
final class BlockCheck implements CaseCheck {
    @Override
    public boolean covers(RecordedCase recorded) {
        return recorded.kind().equals("unit") && recorded.has("block_prefix") && recorded.hasTensor("text_kv");
    }

    @Override
    public void check(RecordedCase recorded, Workshop workshop, Comparison out) {
        List<Grid> schedule = recorded.grids("scale_schedule");
        List<Tensor> inputs = new ArrayList<>();
        while (recorded.hasTensor("scale" + inputs.size() + ".x")) {
            inputs.add(recorded.tensor("scale" + inputs.size() + ".x").toTensor());
        }
        TextFeatures text = TextInputs.read(recorded, "text_kv", "text_cu");
        Path file = recorded.file("model");
        try (Checkpoint checkpoint = Checkpoints.open(file)) {
            BlockReplay.Outcome outcome = new BlockReplay(checkpoint, workshop.config(recorded), workshop.engine())
                    .run(
                            recorded.get("block_prefix").asString(""),
                            recorded.tensor("gss").toTensor(),
                            text,
                            schedule,
                            Workshop.largest(recorded, schedule),
                            inputs);
            for (int scale = 0; scale < inputs.size(); scale++) {
                out.close(
                        recorded.tensor("scale" + scale + ".out"),
                        outcome.outputs().get(scale).data(),
                        recorded.tolerance("out"));
            }
            if (recorded.hasTensor("cached_k")) {
                out.close(recorded.tensor("cached_k"), outcome.keys().data(), recorded.tolerance("cached_k"));
            }
            if (recorded.hasTensor("cached_v")) {
                out.close(recorded.tensor("cached_v"), outcome.values().data(), recorded.tolerance("cached_v"));
            }
        }
    }
}
