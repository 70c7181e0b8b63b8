package org.headwise.text;

/**
 * Buckets of relative positions in both directions (T5, section 2.1 and appendix): half of them for keys behind the
 * query, half for keys ahead; near positions have a bucket each, far ones share buckets that grow with the logarithm.
 */
public final class RelativeBuckets {
    private final int half;
    private final int exact;
    private final float logRange;

    /**
     * @param buckets of both directions together, a multiple of 4
     * @param maxDistance all positions from here on share the last bucket, more than {@code buckets / 4}
     */
    public RelativeBuckets(int buckets, int maxDistance) {
        if (buckets < 4 || buckets % 4 != 0 || maxDistance <= buckets / 4) {
            throw new IllegalArgumentException(buckets + " buckets over a distance of " + maxDistance);
        }
        this.half = buckets / 2;
        this.exact = buckets / 4;
        this.logRange = (float) Math.log((double) maxDistance / exact);
    }

    /** The bucket, from 0, of a key that lies {@code offset} tokens ahead of the query (behind it when negative). */
    public int of(int offset) {
        int direction = offset > 0 ? half : 0;
        int distance = Math.abs(offset);
        if (distance < exact) {
            return direction + distance;
        }
        // Rounded to float after every operation: exact powers lie on the edge between two buckets.
        float position = (float) Math.log((float) distance / exact);
        int large = exact + (int) (position / logRange * (half - exact));
        return direction + Math.min(large, half - 1);
    }
}
