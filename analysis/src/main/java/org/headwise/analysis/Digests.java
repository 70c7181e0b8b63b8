package org.headwise.analysis;

import org.headwise.attention.AttentionBlock;
import org.headwise.model.Geometry;

/**
 * The digests that statistics made together share, one per observing thread: the first of them to see a block digests
 * it, the others find it done. A block that one of them sees twice is digested again, as its arrays may have changed.
 */
final class Digests {
    private final Geometry geometry;
    private final ThreadLocal<Current> current;
    private int sharers;

    private static final class Current {
        private final BlockDigest digest;
        private AttentionBlock block;
        private long seenBy;

        Current(Geometry geometry, CellTables tables) {
            digest = new BlockDigest(geometry, tables);
        }
    }

    /** One statistic's access. */
    final class Share {
        private final long bit;

        private Share(long bit) {
            this.bit = bit;
        }

        BlockDigest of(AttentionBlock block) {
            Current now = current.get();
            if (now.block != block || (now.seenBy & bit) != 0) {
                now.block = null;
                now.digest.read(block);
                now.block = block;
                now.seenBy = 0;
            }
            now.seenBy |= bit;
            return now.digest;
        }
    }

    Digests(Geometry geometry) {
        this.geometry = geometry;
        CellTables tables = new CellTables(geometry);
        current = ThreadLocal.withInitial(() -> new Current(geometry, tables));
    }

    Geometry geometry() {
        return geometry;
    }

    /** Access for one more statistic, of which there may be 64. */
    Share share() {
        if (sharers == Long.SIZE) {
            throw new IllegalStateException("more than 64 statistics share one digest");
        }
        return new Share(1L << sharers++);
    }
}
