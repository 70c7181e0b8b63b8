package org.headwise.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ShownTest {
    @Test
    void bytes() {
        assertEquals("0 B", Shown.bytes(0));
        assertEquals("1023 B", Shown.bytes(1023));
        assertEquals("1.00 KiB", Shown.bytes(1024));
        assertEquals("2.42 MiB", Shown.bytes(2_539_520));
        assertEquals("123 MiB", Shown.bytes(123L << 20));
        assertEquals("37.6 GiB", Shown.bytes(38_550L << 20));
    }

    @Test
    void shares() {
        assertEquals("10%", Shown.percent(0.1));
        assertEquals("12.5%", Shown.percent(0.125));
        assertEquals("0.33%", Shown.percent(0.0033));
        assertEquals("\u2013", Shown.percent(Double.NaN));
    }

    @Test
    void numbers() {
        assertEquals("0.0", Shown.number(-0.01, 1));
        assertEquals("\u221e", Shown.number(Double.POSITIVE_INFINITY, 2));
        assertEquals("0.00123", Shown.significant(0.00123456, 3));
        assertEquals("12346", Shown.significant(12345.6, 3));
        assertEquals("396", Shown.significant(396.2, 3));
        assertEquals("4.00", Shown.significant(4, 3));
        assertEquals("1.23e-07", Shown.significant(1.234e-7, 3));
    }

    @Test
    void longNamesAreCutBetweenCharacters() {
        assertEquals("ab\u2026 (4 characters)", Shown.shorten("abcd", 2));
        assertEquals("\ud83d\ude80\u2026", Shown.label("\ud83d\ude80\ud83d\ude80\ud83d\ude80", 2));
        assertEquals("abcd", Shown.label("abcd", 4));
    }
}
