package org.headwise.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {
    @TempDir
    Path parent;

    @Test
    void oneHolderWithinAProcess() throws IOException {
        Path folder = parent.resolve("new/run");
        Path alias = Files.createSymbolicLink(parent.resolve("alias"), parent.resolve("new"));
        try (FolderLock _ = FolderLock.acquire(folder)) {
            assertThrows(FolderBusy.class, () -> FolderLock.acquire(folder));
            assertThrows(FolderBusy.class, () -> FolderLock.acquire(alias.resolve("run")));
            try (FolderLock _ = FolderLock.acquire(parent.resolve("other"))) {
                assertThrows(FolderBusy.class, () -> FolderLock.acquire(folder));
            }
        }
        assertEquals(0, Files.size(folder.resolve(".lock")));
        FolderLock.acquire(folder).close();
    }

    @Test
    void aRefusedAttemptDoesNotUnlock() throws Exception {
        try (FolderLock _ = FolderLock.acquire(parent)) {
            assertThrows(FolderBusy.class, () -> FolderLock.acquire(parent));
            Process other = start(parent);
            assertEquals("busy", readLine(other).split(" ")[0]);
            assertEquals(0, other.waitFor());
        }
    }

    @Test
    void anotherProcessHoldsUntilItDies() throws Exception {
        Process other = start(parent);
        try {
            assertEquals("held", readLine(other));
            String message = assertThrows(FolderBusy.class, () -> FolderLock.acquire(parent))
                    .getMessage();
            assertTrue(message.contains("is in use by process " + other.pid() + " since 20"), message);
        } finally {
            other.destroyForcibly().waitFor();
        }
        FolderLock.acquire(parent).close();
    }

    private static Process start(Path folder) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String readLine(Process process) throws IOException {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
    }

    /** The other process: locks, says so, and waits to be killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws InterruptedException {
            try (FolderLock _ = FolderLock.acquire(Path.of(args[0]))) {
                System.out.println("held");
                Thread.sleep(60_000);
            } catch (FolderBusy e) {
                System.out.println("busy " + e.getMessage());
            }
        }
    }
}
