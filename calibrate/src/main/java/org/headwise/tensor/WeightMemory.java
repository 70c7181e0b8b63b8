package org.headwise.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Memory outside the heap for packed weights, released when nothing refers to it any more. On Linux large blocks come in
 * huge pages where the system has them: products of a few rows read all weights once, and finding the pages would cost
 * them a part of the memory's bandwidth.
 */
final class WeightMemory {
    private static final long HUGE_PAGE = 2L << 20;
    private static final int READ_WRITE = 3;
    private static final int PRIVATE_ANONYMOUS = 0x22;

    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final Optional<Calls> CALLS = Calls.find();

    private WeightMemory() {}

    private record Calls(MethodHandle map, MethodHandle unmap) {
        @SuppressWarnings("restricted")
        static Optional<Calls> find() {
            if (!System.getProperty("os.name").equals("Linux")) {
                return Optional.empty();
            }
            Linker linker = Linker.nativeLinker();
            var lookup = linker.defaultLookup();
            return lookup.find("mmap")
                    .flatMap(map -> lookup.find("munmap")
                            .map(unmap -> new Calls(
                                    linker.downcallHandle(
                                            map, FunctionDescriptor.of(WORD, WORD, WORD, INT, INT, INT, WORD)),
                                    linker.downcallHandle(unmap, FunctionDescriptor.of(INT, WORD, WORD)))));
        }
    }

    /** Whether so many bytes are asked of the system itself, which no setting of Java limits. */
    static boolean large(long bytes) {
        return bytes >= HUGE_PAGE && CALLS.isPresent();
    }

    static long wholePages(long bytes) {
        return Math.ceilDiv(bytes, HUGE_PAGE) * HUGE_PAGE;
    }

    /**
     * Zeroed memory, aligned to 64 bytes at least.
     *
     * @throws OutOfMemoryError if there is no room
     */
    static MemorySegment allocate(long bytes) {
        if (!large(bytes)) {
            return Arena.ofAuto().allocate(bytes, 64);
        }
        long room = bytes + HUGE_PAGE;
        try {
            long start = (long) CALLS.get().map.invokeExact(0L, room, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0L);
            if (start == -1) {
                throw new OutOfMemoryError("the system refuses " + room + " bytes");
            }
            // A refusal only means that there are no huge pages.
            MemoryAdvice.give(start, room, MemoryAdvice.Advice.HUGE_PAGES);
            long aligned = (start + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
            return segment(start, room).asSlice(aligned - start, bytes);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("restricted")
    private static MemorySegment segment(long start, long room) {
        return MemorySegment.ofAddress(start).reinterpret(room, Arena.ofAuto(), _ -> unmap(start, room));
    }

    private static void unmap(long start, long room) {
        try {
            int _ = (int) CALLS.get().unmap.invokeExact(start, room);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
