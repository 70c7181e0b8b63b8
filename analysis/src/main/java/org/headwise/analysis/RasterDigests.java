package org.headwise.analysis;

import org.headwise.attention.AttentionBlock;
import org.headwise.model.Geometry;

/** The digests that statistics of a raster model share when they are made together. */
final class RasterDigests {
    private final Geometry geometry;
    private final OncePerBlock<RasterDigest> digests;

    /** One statistic's access. */
    final class Share {
        private final long bit = digests.share();

        private Share() {}

        RasterDigest of(AttentionBlock block) {
            return digests.of(block, bit);
        }
    }

    /** @param geometry of a raster model, whatever the prompt */
    RasterDigests(Geometry geometry) {
        if (geometry.raster() == null) {
            throw new IllegalArgumentException(geometry.family() + " makes no image token by token");
        }
        this.geometry = geometry.ofModel();
        digests = new OncePerBlock<>(() -> new RasterDigest(this.geometry), RasterDigest::read);
    }

    /** The geometry of the model. */
    Geometry geometry() {
        return geometry;
    }

    Share share() {
        return new Share();
    }
}
