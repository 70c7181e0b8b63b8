package org.headwise.workbench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.headwise.files.FolderBusy;
import org.headwise.files.InputRefused;
import org.headwise.memory.NoRoom;
import org.headwise.tensor.NonFinite;
import picocli.CommandLine;

/** Turns whatever a command threw into an exit code and a message for the person at the terminal. */
final class Failures {
    private Failures() {}

    /** The exit code that a failure stands for. */
    static ExitCode code(Throwable failure) {
        return switch (cause(failure)) {
            case InputRefused refused -> ExitCode.REFUSED;
            case NonFinite broken -> ExitCode.REFUSED;
            case FolderBusy busy -> ExitCode.BUSY;
            case CommandLine.ParameterException usage -> ExitCode.USAGE;
            case UncheckedIOException io -> ExitCode.NO_RESOURCES;
            case IOException io -> ExitCode.NO_RESOURCES;
            case NoRoom unfit -> ExitCode.NO_RESOURCES;
            case OutOfMemoryError memory -> ExitCode.NO_RESOURCES;
            case InterruptedException interrupted -> ExitCode.INTERRUPTED;
            case CancellationException stopped -> ExitCode.INTERRUPTED;
            default -> ExitCode.BUG;
        };
    }

    /** Says on standard error what happened; a bug also leaves a crash file. */
    static ExitCode report(Throwable failure, List<String> arguments, Terminal terminal, boolean verbose) {
        Throwable cause = cause(failure);
        ExitCode code = code(cause);
        terminal.error("headwise: " + message(cause, code));
        if (code == ExitCode.BUG) {
            terminal.error(CrashFile.write(failure, arguments)
                    .map(file -> "Details are in " + file + "; please report it.")
                    .orElse("No crash file could be written; -v prints the details."));
        }
        if (verbose) {
            terminal.trace(failure);
        }
        return code;
    }

    private static String message(Throwable cause, ExitCode code) {
        String said = cause.getMessage() == null ? "" : cause.getMessage();
        return switch (cause) {
            case OutOfMemoryError memory ->
                "out of memory (" + said
                        + "); fewer --threads, or a larger heap in HEADWISE_JAVA_OPTIONS=-Xmx..., helps";
            case NoRoom unfit -> said + "; headwise doctor MODEL says more, --ignore-memory runs it nevertheless";
            case NoSuchFileException missing -> said + ": no such file or folder";
            case AccessDeniedException denied -> said + ": access denied";
            case FileSystemException system -> said;
            case InterruptedException interrupted -> "interrupted";
            default ->
                code == ExitCode.BUG
                        ? "this should not have happened: "
                                + cause.getClass().getSimpleName()
                                + (said.isEmpty() ? "" : ": " + said)
                        : said.isEmpty() ? cause.getClass().getSimpleName() : said;
        };
    }

    /** What lies behind the wrappers of executors and of picocli. */
    private static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null
                && (cause instanceof CommandLine.ExecutionException
                        || cause instanceof ExecutionException
                        || cause instanceof CompletionException)) {
            cause = cause.getCause();
        }
        return cause;
    }
}
