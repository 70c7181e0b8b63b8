package org.headwise.schedules.evaluate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/**
 * The most memory that a process occupies at once (its peak resident set) while something runs, where the system can
 * begin to count anew: Linux, through {@code /proc}. Everything of the process is in it, weights and the unused part of
 * the heap included; {@code docs/budgets.md} says what it tells of a cache.
 */
public final class ProcessPeak {
    private static final String RESET_PEAK = "5";

    private final Path process;

    private ProcessPeak(Path process) {
        this.process = process;
    }

    /** Of this process. */
    public static ProcessPeak ofThisProcess() {
        return new ProcessPeak(Path.of("/proc/self"));
    }

    /** @param process the folder that describes the process, for tests */
    static ProcessPeak of(Path process) {
        return new ProcessPeak(process);
    }

    /** From now on only later peaks count. Returns false where that cannot be asked for. */
    public boolean begin() {
        Path reset = process.resolve("clear_refs");
        try {
            if (!Files.isWritable(reset)) {
                return false;
            }
            Files.writeString(reset, RESET_PEAK, StandardOpenOption.WRITE);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The peak since {@link #begin} in bytes; nothing where it is not told. */
    public OptionalLong bytes() {
        try {
            return Files.readAllLines(process.resolve("status"), StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> line.matches("VmHWM:\\s+\\d{1,15} kB"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
