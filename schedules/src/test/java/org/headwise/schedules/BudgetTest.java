package org.headwise.schedules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.headwise.files.InputRefused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetTest {
    @ParameterizedTest
    @CsvSource({
        "10%,0.1",
        "0.1,0.1",
        "5 %,0.05",
        " 25% ,0.25",
        "0,0",
        "1,1",
        "100%,1",
        "0.7%,0.007",
        "1e-2,0.01",
        ".5,0.5"
    })
    void percentAndShareAreTheSameDouble(String text, double share) {
        assertEquals(share, Budget.parse(text).share());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "%",
                "ten",
                "NaN",
                "Infinity",
                "-0.1",
                "-5%",
                "1.5",
                "101%",
                "10",
                "0x1p-1",
                "0.1f",
                "1e400",
                "10%%",
                "١٠%",
                "0,1"
            })
    void othersAreRefused(String text) {
        InputRefused refused = assertThrows(InputRefused.class, () -> Budget.parse(text));
        assertTrue(refused.getMessage().contains("expected"), refused.getMessage());
    }

    @Test
    void tenIsTakenForAForgottenPercentSign() {
        String message =
                assertThrows(InputRefused.class, () -> Budget.parse("10")).getMessage();
        assertTrue(message.contains("write 10% if that is meant"), message);
    }

    @Test
    void percentages() {
        assertEquals("10%", Budget.parse("0.1").percent());
        assertEquals("0.33%", Budget.parse("0.33%").percent());
        assertEquals("100%", Budget.parse("1").percent());
        assertEquals("0%", Budget.parse("0").percent());
    }
}
