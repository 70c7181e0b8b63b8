package org.headwise.analysis;

import org.headwise.attention.AttentionBlock;
import org.headwise.model.Geometry;

/** The digests that statistics of a next-scale model share when they are made together. */
final class Digests {
    private final Geometry geometry;
    private final OncePerBlock<BlockDigest> digests;

    /** One statistic's access. */
    final class Share {
        private final long bit = digests.share();

        private Share() {}

        BlockDigest of(AttentionBlock block) {
            return digests.of(block, bit);
        }
    }

    Digests(Geometry geometry) {
        this.geometry = geometry;
        CellTables tables = new CellTables(geometry);
        digests = new OncePerBlock<>(() -> new BlockDigest(geometry, tables), BlockDigest::read);
    }

    Geometry geometry() {
        return geometry;
    }

    /** Access for one more statistic, of which there may be 64. */
    Share share() {
        return new Share();
    }
}
