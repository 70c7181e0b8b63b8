package org.headwise.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ReadAheadTest {
    private static final int SIDE = 150;

    @TempDir
    Path folder;

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void asksForWhatFollowedTheLastTime() throws Exception {
        try (Arena arena = Arena.ofShared();
                ReadAhead ahead = new ReadAhead()) {
            List<FileMatrix> matrices = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                MemorySegment part = mapped(4 * SIDE * SIDE, new float[4 * SIDE * SIDE], arena)
                        .asSlice(4L * i * SIDE * SIDE, 4L * SIDE * SIDE);
                matrices.add(new FileMatrix(Packing.of(part, DType.F32, SIDE), SIDE, SIDE));
                ahead.made(matrices.get(i));
            }
            ahead.using(matrices.get(0));
            awaitAsked(ahead, 3);
            // Used are 1 and 3: what was asked for and is not used yet is 2.
            ahead.using(matrices.get(1));
            ahead.using(matrices.get(3));
            assertEquals(1, ahead.asked());
            // From 3 it went on to 0, and from there to 1: both follow, and so does 3 itself, which is where it began.
            ahead.using(matrices.get(0));
            ahead.using(matrices.get(1));
            ahead.using(matrices.get(3));
            awaitAsked(ahead, 3);
            ahead.using(null);
            ahead.using(matrices.get(2));
            awaitAsked(ahead, 3);
        }
    }

    private static void awaitAsked(ReadAhead ahead, int count) throws InterruptedException {
        while (ahead.asked() != count) {
            Thread.sleep(5);
        }
    }

    @Test
    void productsAreTheSameWhereverWeightsLie() throws IOException {
        Cases cases = Cases.fresh();
        float[] weights = cases.floats(3 * SIDE * SIDE);
        Tensor x = cases.tensor(5, SIDE);
        for (Engine engine : Cases.engines()) {
            try (engine;
                    Arena arena = Arena.ofShared()) {
                MemorySegment all = mapped(weights.length, weights, arena);
                for (int round = 0; round < 3; round++) {
                    for (int i = 0; i < 3; i++) {
                        float[] part = java.util.Arrays.copyOfRange(weights, i * SIDE * SIDE, (i + 1) * SIDE * SIDE);
                        MemorySegment lying = all.asSlice(4L * i * SIDE * SIDE, 4L * SIDE * SIDE);
                        Matrix left = engine.leave(lying, DType.F32, SIDE, SIDE);
                        Matrix packed = engine.pack(part, SIDE, SIDE, DType.F32);
                        assertArrayEquals(
                                engine.linear(x, packed, null).data(),
                                engine.linear(x, left, null).data(),
                                engine.describe() + ", seed " + cases.seed());
                    }
                }
            }
        }
    }

    private MemorySegment mapped(int numbers, float[] values, Arena arena) throws IOException {
        Path file = Files.createTempFile(folder, "weights", ".bin");
        MemorySegment bytes = MemorySegment.ofArray(new byte[4 * numbers]);
        MemorySegment.copy(values, 0, bytes, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, numbers);
        Files.write(file, bytes.toArray(ValueLayout.JAVA_BYTE));
        try (FileChannel channel = FileChannel.open(file)) {
            return channel.map(MapMode.READ_ONLY, 0, 4L * numbers, arena);
        }
    }
}
