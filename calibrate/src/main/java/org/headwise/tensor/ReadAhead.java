package org.headwise.tensor;

import java.lang.foreign.MemorySegment;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Has the system read matrices that stay in files before they are used, on a thread of its own: what was used after a
 * matrix the last time, or at first what was made after it, is what will be used after it the next time. Where there is
 * no {@code madvise}, the system finds out itself.
 */
final class ReadAhead implements AutoCloseable {
    /** Several matrices of the largest models: what a disk gives while one of them is multiplied with. */
    private static final long AHEAD = 512L << 20;

    /** Asked for at once: the system does not begin more than some megabytes in one call. */
    private static final long PIECE = 8L << 20;

    private static final long PAGE = 64 << 10;

    private final Map<FileMatrix, FileMatrix> next = new IdentityHashMap<>();
    private final Map<FileMatrix, Boolean> asked = new IdentityHashMap<>();
    private FileMatrix made;
    private FileMatrix current;
    private Thread reader;
    private boolean closed;

    /** A matrix was made. */
    synchronized void made(FileMatrix matrix) {
        if (made != null) {
            next.putIfAbsent(made, matrix);
        }
        made = matrix;
    }

    /** A matrix is used now; any that is not in a file ends the order of those that are. */
    synchronized void using(Matrix matrix) {
        FileMatrix now = matrix instanceof FileMatrix left ? left : null;
        if (now == current) {
            return;
        }
        if (current != null && now != null) {
            next.put(current, now);
        }
        current = now;
        if (now == null || closed || !MemoryAdvice.available()) {
            return;
        }
        asked.remove(now);
        if (reader == null) {
            reader = Thread.ofPlatform().daemon().name("headwise-read-ahead").start(this::read);
        }
        notifyAll();
    }

    private void read() {
        try {
            while (true) {
                advise(due());
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for a matrix within reach that was not asked for since it was used. */
    private synchronized FileMatrix due() throws InterruptedException {
        while (true) {
            Optional<FileMatrix> found = within();
            if (found.isPresent()) {
                asked.put(found.get(), true);
                return found.get();
            }
            wait();
        }
    }

    private Optional<FileMatrix> within() {
        long bytes = 0;
        FileMatrix at = current == null ? null : next.get(current);
        while (at != null && at != current && bytes < AHEAD) {
            if (!asked.containsKey(at)) {
                return Optional.of(at);
            }
            bytes += at.bytes();
            at = next.get(at);
        }
        return Optional.empty();
    }

    private static void advise(FileMatrix matrix) {
        MemorySegment weight = matrix.rows().weight();
        if (!weight.isMapped()) {
            return;
        }
        long end = weight.address() + weight.byteSize();
        for (long from = weight.address() / PAGE * PAGE; from < end; from += PIECE) {
            // A refusal only means that pages are read when they are used; the range may even be unmapped by now.
            MemoryAdvice.give(from, Math.min(PIECE, end - from), MemoryAdvice.Advice.WILL_NEED);
        }
    }

    /** Matrices that were asked for and not used since. */
    synchronized int asked() {
        return asked.size();
    }

    @Override
    public synchronized void close() {
        closed = true;
        current = null;
        made = null;
        next.clear();
        asked.clear();
        if (reader != null) {
            reader.interrupt();
        }
    }
}
