package org.headwise.schedules.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessPeakTest {
    private static final long MANY = 256L << 20;

    @TempDir
    Path folder;

    @Test
    void readsThePeakAndAsksForANewOne() throws IOException {
        Files.writeString(folder.resolve("status"), "Name:\tjava\nVmPeak:\t  9 kB\nVmHWM:\t  1234 kB\nVmRSS:\t 7 kB\n");
        Files.writeString(folder.resolve("clear_refs"), "");
        ProcessPeak peak = ProcessPeak.of(folder);
        assertTrue(peak.begin());
        assertEquals("5", Files.readString(folder.resolve("clear_refs")));
        assertEquals(OptionalLong.of(1234 * 1024), peak.bytes());
    }

    @Test
    void saysNothingWhereTheSystemDoesNot() throws IOException {
        ProcessPeak peak = ProcessPeak.of(folder);
        assertFalse(peak.begin());
        assertEquals(OptionalLong.empty(), peak.bytes());
        Files.writeString(folder.resolve("status"), "VmHWM: much\n");
        assertEquals(OptionalLong.empty(), peak.bytes());
    }

    /** Other tests share this process, so the peak is only known to be at least what is taken here. */
    @Test
    void memoryThatIsTakenAndGivenBackIsInThePeak() {
        ProcessPeak peak = ProcessPeak.ofThisProcess();
        assumeTrue(peak.begin(), "this system does not count peaks anew");
        try (Arena arena = Arena.ofConfined()) {
            arena.allocate(MANY).fill((byte) 1);
        }
        assertTrue(peak.bytes().orElseThrow() > MANY, peak.bytes().toString());
    }
}
