package org.headwise.datasets.scenes;

import java.util.Locale;

/** The twelve colours of the scenes, as RGB bytes. */
public enum Colour {
    RED(220, 40, 40),
    ORANGE(240, 140, 30),
    YELLOW(245, 220, 50),
    GREEN(50, 170, 70),
    CYAN(60, 200, 210),
    BLUE(50, 80, 220),
    PURPLE(140, 60, 180),
    PINK(245, 130, 180),
    WHITE(245, 245, 245),
    BLACK(20, 20, 20),
    GRAY(130, 130, 130),
    BROWN(130, 80, 40);

    private final int[] rgb;

    Colour(int red, int green, int blue) {
        rgb = new int[] {red, green, blue};
    }

    /** The value 0 to 255 of a channel: 0 red, 1 green, 2 blue. */
    public int channel(int channel) {
        return rgb[channel];
    }

    /** The colour at the least Euclidean distance in RGB; of equals the first. */
    static Colour nearest(double[] mean) {
        Colour best = RED;
        for (Colour colour : values()) {
            if (colour.distance(mean) < best.distance(mean)) {
                best = colour;
            }
        }
        return best;
    }

    private double distance(double[] mean) {
        double sum = 0;
        for (int c = 0; c < 3; c++) {
            sum += (mean[c] - rgb[c]) * (mean[c] - rgb[c]);
        }
        return sum;
    }

    /** As a caption says it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
