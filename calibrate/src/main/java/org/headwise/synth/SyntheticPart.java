package org.headwise.synth;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.headwise.checkpoint.SafetensorsWriter;
import org.headwise.files.AtomicFile;
import org.headwise.files.Json;
import org.headwise.files.Progress;
import org.headwise.tensor.DType;
import tools.jackson.databind.node.ObjectNode;

/**
 * One checkpoint of a synthetic model, written tensor by tensor.
 *
 * @param folder relative to the model folder; empty for the folder itself
 * @param stem file name without its end
 * @param shards files that the tensors are spread over, in order and about equally; with more than one there is an index
 */
record SyntheticPart(String folder, String stem, int shards, List<SyntheticTensor> tensors) {
    /** Bytes of all numbers. */
    long bytes(DType dtype) {
        return tensors.stream().mapToLong(SyntheticTensor::elements).sum() * dtype.bytes();
    }

    /** Writes the part below {@code model}; {@code done} is told the bytes of every file that is complete. */
    void write(Path model, DType dtype, long seed, Map<String, String> metadata, Progress progress, long before) {
        Path at = folder.isEmpty() ? model : model.resolve(folder);
        List<List<SyntheticTensor>> spread = spread();
        ObjectNode index = Json.object();
        index.putObject("metadata").put("total_size", bytes(dtype));
        ObjectNode map = index.putObject("weight_map");
        long written = before;
        for (int shard = 0; shard < spread.size(); shard++) {
            String name = shards == 1
                    ? stem + ".safetensors"
                    : String.format(Locale.ROOT, "%s-%05d-of-%05d.safetensors", stem, shard + 1, shards);
            Map<String, SafetensorsWriter.Entry> entries = new LinkedHashMap<>();
            for (SyntheticTensor tensor : spread.get(shard)) {
                map.put(tensor.name(), name);
                entries.put(
                        tensor.name(),
                        new SafetensorsWriter.Entry(dtype, tensor.shape(), new SyntheticNumbers(tensor, dtype, seed)));
                written += tensor.elements() * dtype.bytes();
            }
            SafetensorsWriter.write(at.resolve(name), entries, metadata);
            progress.step(written >> 20);
        }
        if (shards > 1) {
            AtomicFile.write(at.resolve(stem + ".safetensors.index.json"), Json.pretty(index));
        }
    }

    private List<List<SyntheticTensor>> spread() {
        long total = tensors.stream().mapToLong(SyntheticTensor::elements).sum();
        List<List<SyntheticTensor>> spread = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            spread.add(new ArrayList<>());
        }
        long seen = 0;
        for (SyntheticTensor tensor : tensors) {
            spread.get(Math.toIntExact(seen * shards / total)).add(tensor);
            seen += tensor.elements();
        }
        return spread;
    }
}
