package org.headwise.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.headwise.files.FolderBusy;
import org.headwise.files.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledProcessTest {
    @TempDir
    Path folder;

    @Test
    void aKilledProcessIsResumed() throws Exception {
        Path run = folder.resolve("killed");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Calibration.class.getName(),
                        run.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (int done = 0; done < 3; done++) {
                assertEquals("done " + done, lines.readLine());
            }
            String message =
                    assertThrows(FolderBusy.class, () -> RunFixture.finish(run)).getMessage();
            assertTrue(message.contains("process " + process.pid()), message);
        } finally {
            process.destroyForcibly().waitFor();
        }
        CalibrationRun.Result result = RunFixture.finish(run);
        assertEquals(CalibrationRun.End.FINISHED, result.end());
        assertEquals(2, result.reused());
        Path whole = folder.resolve("unbroken");
        RunFixture.finish(whole);
        assertEquals(RunFixture.content(whole), RunFixture.content(run));
    }

    /** The process to kill: it says how many prompts are done, and stays in the third. */
    static final class Calibration {
        private Calibration() {}

        public static void main(String[] args) {
            Progress progress = new Progress() {
                @Override
                public void start(String what, long units) {}

                @Override
                public void step(long done) {
                    System.out.println("done " + done);
                }

                @Override
                public void finish() {}
            };
            int[] asked = {0};
            try (SeededAttentionModel model = new SeededAttentionModel(1)) {
                RunFixture.run(model).into(Path.of(args[0]), progress, () -> {
                    if (asked[0]++ == 2) {
                        try {
                            Thread.sleep(60_000);
                        } catch (InterruptedException e) {
                            return true;
                        }
                    }
                    return false;
                });
            }
        }
    }
}
