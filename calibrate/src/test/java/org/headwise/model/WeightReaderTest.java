package org.headwise.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.nio.file.Path;
import java.util.Map;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.checkpoint.SafetensorsWriter;
import org.headwise.tensor.Cases;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightReaderTest {
    /** The same numbers as float64 make the same matrix, also in parts, packed or left in the file. */
    @Test
    void doublesAreTakenAsFloats(@TempDir Path folder) {
        Cases cases = Cases.fresh();
        float[] floats = cases.floats(12 * 5);
        double[] doubles = new double[floats.length];
        for (int i = 0; i < floats.length; i++) {
            doubles[i] = floats[i];
        }
        Path file = folder.resolve("w.safetensors");
        SafetensorsWriter.write(
                file,
                Map.of(
                        "float", SafetensorsWriter.Entry.f32(floats, 12, 5),
                        "double", SafetensorsWriter.Entry.f64(doubles, 12, 5)),
                Map.of());
        Tensor x = Tensor.of(cases.floats(10), 2, 5);
        try (Checkpoint read = Checkpoints.open(file);
                Engine engine = Engine.vector(1)) {
            for (DType storage : new DType[] {DType.F32, DType.BF16, null}) {
                WeightReader weights = new WeightReader(read, engine, storage);
                for (int part = 0; part < 3; part++) {
                    assertArrayEquals(
                            engine.linear(x, weights.part(read.get("float"), part, 3), null)
                                    .data(),
                            engine.linear(x, weights.part(read.get("double"), part, 3), null)
                                    .data(),
                            1e-4f,
                            "part " + part + " as " + storage + ", seed " + cases.seed());
                }
            }
        }
    }
}
