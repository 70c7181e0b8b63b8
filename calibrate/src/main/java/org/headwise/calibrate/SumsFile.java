package org.headwise.calibrate;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.checkpoint.SafetensorsWriter;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.files.InputRefused;
import org.headwise.files.SchemaVersion;
import org.headwise.tensor.DType;

/**
 * Sums of several statistics in one safetensors file: F64 tensors called STATISTIC/ARRAY; the metadata are
 * {@code schema}, {@code fingerprint} of the geometry, {@code prompts} (how many were summed) and
 * {@code version.STATISTIC}.
 */
final class SumsFile {
    static final SchemaVersion SCHEMA = new SchemaVersion("headwise.profile", 1, 0);

    private SumsFile() {}

    static void write(Path file, RunDescription run, int prompts, Map<String, Sums> statistics) {
        Map<String, SafetensorsWriter.Entry> tensors = new LinkedHashMap<>();
        new TreeMap<>(statistics)
                .forEach((statistic, sums) -> sums.arrays()
                        .forEach((name, array) -> tensors.put(
                                statistic + "/" + name,
                                SafetensorsWriter.Entry.f64(
                                        finite(statistic + "/" + name, array.data()),
                                        Arrays.stream(array.shape())
                                                .asLongStream()
                                                .toArray()))));
        SafetensorsWriter.write(file, tensors, metadata(run, prompts));
    }

    private static SortedMap<String, String> metadata(RunDescription run, int prompts) {
        SortedMap<String, String> metadata = new TreeMap<>();
        metadata.put("schema", SCHEMA.toString());
        metadata.put("fingerprint", run.geometry().fingerprint());
        metadata.put("prompts", Integer.toString(prompts));
        run.statistics().forEach((name, version) -> metadata.put("version." + name, Integer.toString(version)));
        return metadata;
    }

    private static double[] finite(String name, double[] data) {
        for (double value : data) {
            if (!Double.isFinite(value)) {
                throw new IllegalStateException("the sums " + name + " are not finite though the attention was");
            }
        }
        return data;
    }

    /** Reads what was written for {@code run}; anything else is refused. */
    static SortedMap<String, Sums> read(Path file, RunDescription run, int prompts) {
        try (Checkpoint checkpoint = Checkpoints.open(file)) {
            Map<String, String> found = checkpoint.metadata();
            SCHEMA.require(found.getOrDefault("schema", ""), file + " metadata");
            metadata(run, prompts).forEach((key, value) -> {
                if (!value.equals(found.get(key))) {
                    throw InputRefused.in(
                            file,
                            "metadata \"" + key + "\" is \"" + found.get(key) + "\", expected \"" + value
                                    + "\" as in run.json");
                }
            });
            SortedMap<String, Sums> statistics = new TreeMap<>();
            run.statistics().keySet().forEach(name -> statistics.put(name, new Sums()));
            for (String name : checkpoint.names()) {
                int slash = name.indexOf('/');
                Sums sums = slash < 0 ? null : statistics.get(name.substring(0, slash));
                if (sums == null) {
                    throw InputRefused.in(file, "tensor \"" + name + "\" belongs to no statistic of the run");
                }
                copy(checkpoint.get(name), sums, name.substring(slash + 1));
            }
            return statistics;
        }
    }

    private static void copy(StoredTensor tensor, Sums sums, String name) {
        if (tensor.dtype() != DType.F64) {
            throw new InputRefused(
                    tensor.origin() + ": tensor \"" + tensor.name() + "\" is " + tensor.dtype() + ", expected F64");
        }
        double[] data = tensor.toDoubles();
        for (int i = 0; i < data.length; i++) {
            if (!Double.isFinite(data[i])) {
                throw new InputRefused(tensor.origin() + ": tensor \"" + tensor.name() + "\" element " + i + " is "
                        + data[i] + ", expected a finite number");
            }
        }
        int[] shape = Arrays.stream(tensor.shape()).mapToInt(Math::toIntExact).toArray();
        System.arraycopy(data, 0, sums.define(name, shape), 0, data.length);
    }
}
