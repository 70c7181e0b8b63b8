package org.headwise.workbench;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.headwise.files.AtomicFile;

/** What is needed to find a bug, written to the folder for temporary files: versions, command line, stack trace. */
final class CrashFile {
    private CrashFile() {}

    /** The file, or nothing if even that cannot be written. */
    static Optional<Path> write(Throwable failure, List<String> arguments) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        About.lines().forEach(out::println);
        out.println("command: " + TerminalText.commandLine(arguments));
        out.println();
        failure.printStackTrace(out);
        Path file = Path.of(System.getProperty("java.io.tmpdir"), "headwise-crash-" + UUID.randomUUID() + ".txt");
        try {
            AtomicFile.write(file, text.toString());
            return Optional.of(file);
        } catch (UncheckedIOException e) {
            return Optional.empty();
        }
    }
}
