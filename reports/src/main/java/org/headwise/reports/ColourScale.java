package org.headwise.reports;

import java.awt.Color;

/**
 * The viridis colour scale (S. van der Walt and N. Smith, 2015, released as CC0): perceptually uniform, rising in
 * lightness, readable with the usual colour blindnesses. Given here at eleven points, straight lines between.
 */
final class ColourScale {
    /** So many different colours are used: one path per colour keeps a drawing small. */
    static final int LEVELS = 64;

    private static final int[] POINTS = {
        0x440154, 0x482475, 0x414487, 0x355f8d, 0x2a788e, 0x21918c, 0x22a884, 0x44bf70, 0x7ad151, 0xbddf26, 0xfde725
    };

    private ColourScale() {}

    /** The colour of a share 0 to 1 of the range; values outside are those of its ends. */
    static Color at(double share) {
        double place = Math.clamp(share, 0, 1) * (POINTS.length - 1);
        int below = Math.min((int) place, POINTS.length - 2);
        double part = place - below;
        return new Color(mix(below, part, 16), mix(below, part, 8), mix(below, part, 0));
    }

    /** The level 0 to {@code levels - 1} of a value in a range; the middle one when the range is empty. */
    static int level(double value, double low, double high, int levels) {
        if (!(high > low)) {
            return levels / 2;
        }
        return (int) Math.clamp(Math.floor((value - low) / (high - low) * levels), 0, levels - 1);
    }

    /** The colour of one of {@code levels} levels. */
    static Color ofLevel(int level, int levels) {
        return at(level / (levels - 1.0));
    }

    private static int mix(int below, double part, int shift) {
        int a = POINTS[below] >> shift & 0xff;
        int b = POINTS[below + 1] >> shift & 0xff;
        return (int) Math.round(a + (b - a) * part);
    }
}
