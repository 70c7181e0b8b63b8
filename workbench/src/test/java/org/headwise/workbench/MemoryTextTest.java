package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class MemoryTextTest {
    @ParameterizedTest
    @CsvSource({
        "2GiB,2147483648",
        "1.5gib,1610612736",
        "512 MiB,536870912",
        "3KiB,3072",
        "1TiB,1099511627776",
        "2GB,2000000000",
        "0.5MB,500000",
        "7kB,7000",
        "1 TB,1000000000000",
        "12B,12",
        "1.9B,1"
    })
    void amountsHaveAUnit(String text, long bytes) {
        assertEquals(bytes, new MemoryText().convert(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2",
                "GiB",
                "-1GiB",
                "0GiB",
                "0.1B",
                "2GiBs",
                "2G",
                "1e3MB",
                "2,5GB",
                "99999999TiB",
                "2 Gi B",
                "NaNGB"
            })
    void anythingElseIsRefusedWithAnExample(String text) {
        TypeConversionException refused =
                assertThrows(TypeConversionException.class, () -> new MemoryText().convert(text));
        assertTrue(refused.getMessage().contains("\"" + text + "\""), refused.getMessage());
        assertTrue(refused.getMessage().contains("2GiB"), refused.getMessage());
    }

    @Test
    void isAUsageErrorOnTheCommandLine() {
        Run run = Run.of("bench", "throughput", "--kv-memory", "much");
        assertEquals(2, run.code());
        assertTrue(run.err().contains("--kv-memory"), run.err());
    }
}
