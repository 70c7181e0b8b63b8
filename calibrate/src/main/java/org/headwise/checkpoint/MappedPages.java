package org.headwise.checkpoint;

import java.lang.foreign.MemorySegment;
import org.headwise.tensor.MemoryAdvice;

/**
 * Gives pages of mapped files back to the system: a page that was read counts as memory of the process until then. Where
 * there is no {@code madvise}, nothing happens.
 */
final class MappedPages {
    /** A multiple of every page size in use. */
    private static final long ALIGNMENT = 64 * 1024;

    private MappedPages() {}

    /** Lets go of the whole pages of a segment, which must be a part of a file mapped for reading. */
    static void release(MemorySegment segment) {
        if (!segment.isMapped() || !segment.isReadOnly()) {
            return;
        }
        long begin = (segment.address() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        long end = (segment.address() + segment.byteSize()) / ALIGNMENT * ALIGNMENT;
        if (begin < end) {
            // A refusal only means that the pages stay.
            MemoryAdvice.give(begin, end - begin, MemoryAdvice.Advice.NOT_NEEDED);
        }
    }
}
