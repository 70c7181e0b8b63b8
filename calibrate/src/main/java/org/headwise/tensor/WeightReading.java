package org.headwise.tensor;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Reads packed weights once and does nothing else with them: what a product of few rows can at best take. */
public final class WeightReading {
    private static final VectorSpecies<Long> S = LongVector.SPECIES_PREFERRED;
    private static final int VECTOR = S.vectorByteSize();
    private static final long STEP = 4L * VECTOR;
    private static final long PART = 1 << 20;
    private static final ByteOrder NATIVE = ByteOrder.nativeOrder();

    private WeightReading() {}

    /**
     * Reads all whole groups of four vectors, with the engine's threads.
     *
     * @return all 64-bit words combined by exclusive or
     */
    public static long of(Engine engine, PackedMatrix weight) {
        MemorySegment segment = weight.segment();
        long bytes = segment.byteSize() / STEP * STEP;
        AtomicLong all = new AtomicLong();
        int parts = (int) ((bytes + PART - 1) / PART);
        engine.workers().forEach(parts, part -> {
            long words = read(segment, part * PART, Math.min(bytes, (part + 1) * PART));
            all.accumulateAndGet(words, (a, b) -> a ^ b);
        });
        return all.get();
    }

    private static long read(MemorySegment segment, long from, long to) {
        LongVector a = LongVector.zero(S);
        LongVector b = a;
        LongVector c = a;
        LongVector d = a;
        for (long at = from; at < to; at += STEP) {
            a = a.lanewise(VectorOperators.XOR, LongVector.fromMemorySegment(S, segment, at, NATIVE));
            b = b.lanewise(VectorOperators.XOR, LongVector.fromMemorySegment(S, segment, at + VECTOR, NATIVE));
            c = c.lanewise(VectorOperators.XOR, LongVector.fromMemorySegment(S, segment, at + 2L * VECTOR, NATIVE));
            d = d.lanewise(VectorOperators.XOR, LongVector.fromMemorySegment(S, segment, at + 3L * VECTOR, NATIVE));
        }
        return a.lanewise(VectorOperators.XOR, b)
                .lanewise(VectorOperators.XOR, c)
                .lanewise(VectorOperators.XOR, d)
                .reduceLanes(VectorOperators.XOR);
    }
}
