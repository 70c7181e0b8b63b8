package org.headwise.analysis;

import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.headwise.attention.AttentionBlock;

/**
 * Digests of blocks, one per observing thread: the first of several sharers to see a block digests it, the others find
 * it done. A block that one of them sees twice is digested again, as its arrays may have changed.
 */
final class OncePerBlock<D> {
    private final ThreadLocal<Current<D>> current;
    private final BiConsumer<D, AttentionBlock> read;
    private int sharers;

    private static final class Current<D> {
        private final D digest;
        private AttentionBlock block;
        private long seenBy;

        Current(D digest) {
            this.digest = digest;
        }
    }

    /**
     * @param create makes the digest of one thread
     * @param read digests a block
     */
    OncePerBlock(Supplier<D> create, BiConsumer<D, AttentionBlock> read) {
        this.read = read;
        current = ThreadLocal.withInitial(() -> new Current<>(create.get()));
    }

    /** The mark of one more sharer, of which there may be 64. */
    long share() {
        if (sharers == Long.SIZE) {
            throw new IllegalStateException("more than 64 statistics share one digest");
        }
        return 1L << sharers++;
    }

    /** The digest of a block for the sharer of this mark. */
    D of(AttentionBlock block, long sharer) {
        Current<D> now = current.get();
        if (now.block != block || (now.seenBy & sharer) != 0) {
            now.block = null;
            read.accept(now.digest, block);
            now.block = block;
            now.seenBy = 0;
        }
        now.seenBy |= sharer;
        return now.digest;
    }
}
