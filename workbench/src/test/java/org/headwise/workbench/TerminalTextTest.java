package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TerminalTextTest {
    @Test
    void everyControlCharacterVanishes() {
        for (int c = 0; c < 0x3000; c++) {
            String clean = TerminalText.clean("a" + Character.toString(c) + "b");
            assertTrue(clean.codePoints().noneMatch(Character::isISOControl), "U+" + Integer.toHexString(c));
            assertTrue(clean.codePoints().noneMatch(d -> d >= 0x202a && d <= 0x202e), "U+" + Integer.toHexString(c));
        }
        assertEquals("a b", TerminalText.clean("a\nb"));
        assertEquals("x", TerminalText.clean("\ud800x"));
        assertEquals("日本 🎨 é", TerminalText.clean("日本 🎨 é"));
    }

    @Test
    void shorteningCountsCharactersNotUnits() {
        assertEquals("🎨🎨🎨", TerminalText.shorten("🎨🎨🎨", 3));
        assertEquals("🎨🎨…", TerminalText.shorten("🎨🎨🎨🎨", 3));
    }

    @Test
    void aCommandLineCanBeTypedAgain() {
        List<String> words = List.of("calibrate", "my model", "--out=runs/a", "it's", "$HOME");
        assertEquals("calibrate 'my model' --out=runs/a 'it'\\''s' '$HOME'", TerminalText.commandLine(words));
    }
}
