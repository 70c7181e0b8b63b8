package org.headwise.analysis;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.headwise.attention.AttentionBlock;
import org.headwise.model.Geometry;

/** The digests that statistics of a next-scale model share when they are made together. */
final class Digests {
    private final Geometry geometry;
    private final OncePerBlock<BlockDigest> digests;
    private final Set<BlockDigest.Part> wanted = EnumSet.noneOf(BlockDigest.Part.class);

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
        digests =
                new OncePerBlock<>(() -> new BlockDigest(geometry, tables, EnumSet.copyOf(wanted)), BlockDigest::read);
    }

    Geometry geometry() {
        return geometry;
    }

    /**
     * Access for one more statistic, of which there may be 64; all must have theirs before the first block comes.
     *
     * @param parts what it will ask the digest for
     */
    Share share(BlockDigest.Part... parts) {
        wanted.addAll(List.of(parts));
        return new Share();
    }
}
