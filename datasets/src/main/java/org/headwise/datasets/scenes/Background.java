package org.headwise.datasets.scenes;

import java.util.Locale;

/**
 * What lies behind the objects. Stripes are horizontal, 8 canvas pixels high; checks are 8 x 8.
 *
 * @param first the colour of the whole, or of the cell at the top left
 * @param second the other colour of a pattern; null when plain
 */
public record Background(Pattern pattern, Colour first, Colour second) {
    /** How a background is filled. */
    public enum Pattern {
        PLAIN,
        STRIPED,
        CHECKERED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int CELL = 8;

    public Background {
        if ((pattern == Pattern.PLAIN) != (second == null)) {
            throw new IllegalArgumentException("a " + pattern + " background with second colour " + second);
        }
    }

    public static Background plain(Colour colour) {
        return new Background(Pattern.PLAIN, colour, null);
    }

    /** The colour at a canvas pixel. */
    Colour at(int x, int y) {
        int cell = switch (pattern) {
            case PLAIN -> 0;
            case STRIPED -> y / CELL;
            case CHECKERED -> y / CELL + x / CELL;
        };
        return cell % 2 == 0 ? first : second;
    }

    /** As a caption says it. */
    @Override
    public String toString() {
        return pattern == Pattern.PLAIN
                ? "a " + first + " background"
                : "a " + first + " and " + second + " " + pattern + " background";
    }
}
