package org.headwise.schedules.conform;

import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.model.Grid;
import org.headwise.model.image.VqDecoder;
import org.headwise.model.janus.JanusModel;
import org.headwise.tensor.Tensor;
import tools.jackson.databind.JsonNode;

/** Kind {@code janus_vq_decode}: the image decoder of Janus alone, stage by stage. */
final class JanusVqCheck implements CaseCheck {
    @Override
    public boolean covers(RecordedCase recorded) {
        return recorded.kind().equals("janus_vq_decode");
    }

    @Override
    public void check(RecordedCase recorded, Workshop workshop, Comparison out) {
        JsonNode inputs = recorded.get("inputs");
        Grid grid = new Grid(recorded.integer(inputs, "grid_h"), recorded.integer(inputs, "grid_w"));
        try (Checkpoint checkpoint = Checkpoints.open(recorded.file("weights"))) {
            VqDecoder decoder = new VqDecoder(checkpoint, JanusModel.IMAGE_TOKENIZER, workshop.engine());
            Tensor images = decoder.decode(recorded.tensor("tokens").toInts(), grid, (name, value) -> {
                if (recorded.hasTensor(name) && !name.equals("image")) {
                    out.close(recorded.tensor(name), value.data(), recorded.tolerance(name));
                }
            });
            JanusTrace.compareImages(recorded, images, out);
        }
    }
}
