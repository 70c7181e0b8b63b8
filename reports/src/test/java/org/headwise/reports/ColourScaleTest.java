package org.headwise.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import org.junit.jupiter.api.Test;

class ColourScaleTest {
    @Test
    void lightnessRisesEvenly() {
        int n = 33;
        double[] lightness = new double[n];
        for (int i = 0; i < n; i++) {
            lightness[i] = lightness(ColourScale.at(i / (n - 1.0)));
        }
        double mean = (lightness[n - 1] - lightness[0]) / (n - 1);
        assertTrue(lightness[n - 1] - lightness[0] > 70, "a range of lightness that is seen without colour");
        for (int i = 1; i < n; i++) {
            double step = lightness[i] - lightness[i - 1];
            assertTrue(step > 0.4 * mean && step < 1.6 * mean, "step " + i + " is " + step + ", the mean " + mean);
        }
    }

    @Test
    void levelsCoverTheRange() {
        assertEquals(0, ColourScale.level(2, 2, 4, 64));
        assertEquals(63, ColourScale.level(4, 2, 4, 64));
        assertEquals(32, ColourScale.level(3, 2, 4, 64));
        assertEquals(0, ColourScale.level(-9, 2, 4, 64));
        assertEquals(63, ColourScale.level(9, 2, 4, 64));
        assertEquals(7, ColourScale.level(5, 5, 5, 15));
    }

    @Test
    void inksAreNotColoursOfTheScaleAndAreReadable() {
        for (Ink ink : Ink.values()) {
            for (int level = 0; level < ColourScale.LEVELS; level++) {
                assertNotEquals(ink.light(), ColourScale.ofLevel(level, ColourScale.LEVELS));
            }
            if (ink != Ink.GRID) {
                assertTrue(1.05 / (luminance(ink.light()) + 0.05) >= 4.5, ink + " on white has too little contrast");
            }
        }
    }

    private static double lightness(Color colour) {
        double y = luminance(colour);
        return y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y;
    }

    private static double luminance(Color c) {
        return 0.2126 * linear(c.getRed()) + 0.7152 * linear(c.getGreen()) + 0.0722 * linear(c.getBlue());
    }

    private static double linear(int channel) {
        double c = channel / 255.0;
        return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
    }
}
