package org.headwise.workbench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command in a process of its own, as a shell starts it. */
final class OtherProcess {
    private final Process process;
    private final Path err;

    private OtherProcess(Process process, Path err) {
        this.process = process;
        this.err = err;
    }

    /** Starts it; what it says on standard error goes to a file in {@code folder}. */
    static OtherProcess start(Path folder, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "org.headwise.workbench.Main"));
        command.addAll(List.of(arguments));
        Path err = folder.resolve("stderr-" + System.nanoTime());
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(err.toFile())
                .start();
        return new OtherProcess(process, err);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Asks it to terminate; returns its exit code. */
    int terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("it did not end within a minute of SIGTERM");
        }
        return process.exitValue();
    }

    String err() throws IOException {
        return java.nio.file.Files.readString(err, StandardCharsets.UTF_8);
    }
}
