package org.headwise.reports;

import java.awt.Color;
import java.util.Locale;

/**
 * The colours of lines and text in charts. A chart is drawn with the light ones; inside the report each becomes the CSS
 * variable of its name, which has a second value for dark screens. The series colours follow Okabe and Ito's
 * colour-blind-safe set, darkened until text in them is readable on white.
 */
enum Ink {
    INK(0x1f2328),
    MUTED(0x656d76),
    GRID(0xe1e4e8),
    S1(0x0068ab),
    S2(0xbc4b00),
    S3(0x007f5f),
    S4(0xa3488b),
    S5(0x8a6d00),
    S6(0x5b5fc7),
    S7(0xb3204f);

    private static final int SERIES = 7;

    private final Color light;

    Ink(int rgb) {
        light = new Color(rgb);
    }

    Color light() {
        return light;
    }

    String variable() {
        return "var(--" + name().toLowerCase(Locale.ROOT) + ")";
    }

    /** The colour of a series by its index; a negative index is a reference line. */
    static Ink ofSeries(int index) {
        return index < 0 ? MUTED : values()[S1.ordinal() + index % SERIES];
    }
}
