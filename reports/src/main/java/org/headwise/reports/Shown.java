package org.headwise.reports;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** How numbers and names are shown to people: no locale, true minus signs avoided, units always written. */
final class Shown {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Shown() {}

    /** A number with a fixed count of decimals; a missing one (NaN) is a dash. */
    static String number(double value, int decimals) {
        if (Double.isNaN(value)) {
            return "\u2013";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "\u221e" : "-\u221e";
        }
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return text.startsWith("-") && text.chars().noneMatch(c -> c >= '1' && c <= '9') ? text.substring(1) : text;
    }

    /** A number with at least {@code digits} significant digits, without exponent unless it is tiny or huge. */
    static String significant(double value, int digits) {
        if (Double.isNaN(value) || Double.isInfinite(value) || value == 0) {
            return number(value, 0);
        }
        double size = Math.abs(value);
        if (size >= 1e9 || size < 1e-5) {
            return String.format(Locale.ROOT, "%." + (digits - 1) + "e", value);
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits));
        int decimals = Math.max(0, digits - 1 - (rounded.precision() - rounded.scale() - 1));
        return number(value, decimals);
    }

    static String percent(double share) {
        if (Double.isNaN(share) || Double.isInfinite(share)) {
            return number(share, 0);
        }
        double percent = share * 100;
        int decimals = Math.abs(percent - Math.rint(percent)) < 0.005 ? 0 : Math.abs(percent) < 1 ? 2 : 1;
        return number(percent, decimals) + "%";
    }

    /** Bytes with a binary unit and three significant digits, for example {@code 1.42 MiB}. */
    static String bytes(long bytes) {
        int unit = byteUnit(bytes);
        return unit == 0 ? bytes + " B" : significant(bytes / byteFactor(unit), 3) + " " + UNITS[unit];
    }

    /** The index of the largest binary unit of which {@code bytes} has at least one. */
    static int byteUnit(long bytes) {
        int unit = 0;
        while (unit < UNITS.length - 1 && bytes >= byteFactor(unit + 1)) {
            unit++;
        }
        return unit;
    }

    static double byteFactor(int unit) {
        return Math.pow(1024, unit);
    }

    static String byteUnitName(int unit) {
        return UNITS[unit];
    }

    /** The first {@code max} characters, and how many there were when some are left out. */
    static String shorten(String text, int max) {
        int length = text.codePointCount(0, text.length());
        if (length <= max) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, max)) + "\u2026 (" + length + " characters)";
    }

    /** A short name for a label in a chart: one line, no control characters, at most {@code max} characters. */
    static String label(String text, int max) {
        StringBuilder out = new StringBuilder();
        text.codePoints()
                .limit(max + 1L)
                .map(c -> HtmlText.allowed(c) && !Character.isISOControl(c) ? c : 0xFFFD)
                .forEach(out::appendCodePoint);
        if (out.codePointCount(0, out.length()) <= max) {
            return out.toString();
        }
        return out.substring(0, out.offsetByCodePoints(0, max - 1)) + "\u2026";
    }
}
