package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.headwise.workbench.TextTable.Column;
import org.junit.jupiter.api.Test;

class TextTableTest {
    private static TextTable table() {
        return new TextTable(
                        Column.of("name", "name"),
                        new Column("psnr", "PSNR dB", "%.2f"),
                        new Column("bytes", "bytes", "%,d"))
                .row("full\u001b[0m", 31.41592, 1234567L)
                .row("größer", Double.NaN, 5L)
                .row("none", null, 0L);
    }

    @Test
    void columnsAreAlignedAndForeignTextIsHarmless() {
        assertEquals(
                List.of(
                        "name     PSNR dB      bytes",
                        "full[0m    31.42  1,234,567",
                        "größer         -          5",
                        "none           -          0"),
                table().lines());
    }

    @Test
    void jsonHasTheUnroundedNumbersAndTheTextAsItWas() {
        assertEquals(31.41592, table().json().get(0).get("psnr").asDouble());
        String json = org.headwise.files.Json.line(table().json());
        assertEquals(
                "[{\"name\":\"full\\u001B[0m\",\"psnr\":31.41592,\"bytes\":1234567},"
                        + "{\"name\":\"größer\",\"psnr\":null,\"bytes\":5},{\"name\":\"none\",\"psnr\":null,\"bytes\":0}]",
                json);
    }

    @Test
    void aRowMustFit() {
        assertThrows(IllegalArgumentException.class, () -> table().row("one"));
    }
}
