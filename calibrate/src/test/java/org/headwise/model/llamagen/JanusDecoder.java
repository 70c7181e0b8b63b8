package org.headwise.model.llamagen;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.checkpoint.SafetensorsWriter;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.datasets.BundledModels;

/** The image decoder of the Janus mini as one of LlamaGen. */
public final class JanusDecoder {
    private JanusDecoder() {}

    /** The image decoder of the Janus mini under LlamaGen's names, with its first codes. */
    public static void write(int codes, Path file) {
        String prefix = "gen_vision_model.";
        Map<String, SafetensorsWriter.Entry> tensors = new LinkedHashMap<>();
        Path mini = BundledModels.find("janus-mini").orElseThrow().resolve("model.safetensors");
        try (Checkpoint janus = Checkpoints.open(mini)) {
            for (String name : janus.names()) {
                if (name.startsWith(prefix)) {
                    StoredTensor tensor = janus.get(name);
                    long[] shape = tensor.shape().clone();
                    float[] numbers = tensor.toFloats();
                    if (name.endsWith("quantize.embedding.weight")) {
                        shape[0] = codes;
                        numbers = Arrays.copyOf(numbers, codes * (int) shape[1]);
                    }
                    tensors.put(name.substring(prefix.length()), SafetensorsWriter.Entry.f32(numbers, shape));
                }
            }
        }
        SafetensorsWriter.write(file, tensors, Map.of());
    }
}
