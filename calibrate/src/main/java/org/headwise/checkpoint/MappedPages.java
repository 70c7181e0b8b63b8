package org.headwise.checkpoint;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Gives pages of mapped files back to the system: a page that was read counts as memory of the process until then. Where
 * there is no {@code madvise}, nothing happens.
 */
final class MappedPages {
    /** MADV_DONTNEED of Linux and macOS. */
    private static final int NOT_NEEDED = 4;

    /** A multiple of every page size in use. */
    private static final long ALIGNMENT = 64 * 1024;

    private static final MethodHandle ADVISE = find();

    private MappedPages() {}

    @SuppressWarnings("restricted")
    private static MethodHandle find() {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup()
                .find("madvise")
                .map(address -> linker.downcallHandle(
                        address,
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_INT)))
                .orElse(null);
    }

    /** Lets go of the whole pages of a segment, which must be a part of a file mapped for reading. */
    static void release(MemorySegment segment) {
        if (ADVISE == null || !segment.isMapped() || !segment.isReadOnly()) {
            return;
        }
        long begin = (segment.address() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        long end = (segment.address() + segment.byteSize()) / ALIGNMENT * ALIGNMENT;
        if (begin < end) {
            try {
                // A refusal only means that the pages stay.
                int _ = (int) ADVISE.invokeExact(begin, end - begin, NOT_NEEDED);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
