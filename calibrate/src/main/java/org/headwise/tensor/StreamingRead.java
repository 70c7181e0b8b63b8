package org.headwise.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Reads memory that fits no cache, and does nothing else with it: how fast weights can be read at best. The memory is
 * such as weights lie in.
 */
public final class StreamingRead {
    private static final long BLOCK = 4L << 20;
    private static final long QUARTER = BLOCK / 4;
    private static final int BLOCKS = 128;

    private final MemorySegment memory = WeightMemory.allocate(BLOCK * BLOCKS);
    private final AtomicLong seen = new AtomicLong();

    public StreamingRead() {
        // Untouched pages are not there yet.
        for (long at = 0; at < memory.byteSize(); at += 512) {
            memory.set(ValueLayout.JAVA_LONG, at, at * 0x9E3779B97F4A7C15L + 1);
        }
    }

    /** Bytes of one {@link #pass}. */
    public long bytes() {
        return memory.byteSize();
    }

    /** Reads everything once, with all threads; the number depends on what is there. */
    public long pass(Workers workers) {
        boolean vectors = VectorSupport.missing().isEmpty();
        workers.forEach(BLOCKS, block -> {
            long from = block * BLOCK;
            seen.addAndGet(vectors ? Wide.mixed(memory, from) : plain(from));
        });
        return seen.get();
    }

    private long plain(long from) {
        long mixed = 0;
        for (long at = from; at < from + BLOCK; at += Long.BYTES) {
            mixed ^= memory.get(ValueLayout.JAVA_LONG, at);
        }
        return mixed;
    }

    /** Apart, so that it is loaded only where vectors are. */
    private static final class Wide {
        private static final VectorSpecies<Long> SPECIES = LongVector.SPECIES_PREFERRED;

        static long mixed(MemorySegment memory, long from) {
            int bytes = SPECIES.vectorByteSize();
            LongVector a = LongVector.zero(SPECIES);
            LongVector b = a;
            LongVector c = a;
            LongVector d = a;
            // Four places at once: one alone would wait for the prefetcher.
            for (long at = from; at < from + QUARTER; at += bytes) {
                a = a.lanewise(VectorOperators.XOR, load(memory, at));
                b = b.lanewise(VectorOperators.XOR, load(memory, at + QUARTER));
                c = c.lanewise(VectorOperators.XOR, load(memory, at + 2 * QUARTER));
                d = d.lanewise(VectorOperators.XOR, load(memory, at + 3 * QUARTER));
            }
            LongVector both = a.lanewise(VectorOperators.XOR, b);
            LongVector rest = c.lanewise(VectorOperators.XOR, d);
            return both.lanewise(VectorOperators.XOR, rest).reduceLanes(VectorOperators.XOR);
        }

        private static LongVector load(MemorySegment memory, long at) {
            return LongVector.fromMemorySegment(SPECIES, memory, at, ByteOrder.nativeOrder());
        }
    }
}
