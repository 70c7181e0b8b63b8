package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.headwise.files.FolderBusy;
import org.headwise.files.InputRefused;
import org.headwise.memory.NoRoom;
import org.headwise.tensor.NonFinite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class FailuresTest {
    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new InputRefused("model: too new"), ExitCode.REFUSED),
                Arguments.of(NonFinite.attention(1, 2, 0, 3, 4), ExitCode.REFUSED),
                Arguments.of(new FolderBusy("runs/a is in use"), ExitCode.BUSY),
                Arguments.of(new CommandLine.ParameterException(new CommandLine(new Empty()), "no"), ExitCode.USAGE),
                Arguments.of(new IOException("No space left on device"), ExitCode.NO_RESOURCES),
                Arguments.of(new UncheckedIOException(new IOException("broken disk")), ExitCode.NO_RESOURCES),
                Arguments.of(new AccessDeniedException("/root"), ExitCode.NO_RESOURCES),
                Arguments.of(new NoRoom("a model", List.of("too large")), ExitCode.NO_RESOURCES),
                Arguments.of(new OutOfMemoryError("Java heap space"), ExitCode.NO_RESOURCES),
                Arguments.of(new InterruptedException(), ExitCode.INTERRUPTED),
                Arguments.of(new IllegalStateException("never"), ExitCode.BUG),
                Arguments.of(new StackOverflowError(), ExitCode.BUG),
                Arguments.of(new NullPointerException(), ExitCode.BUG));
    }

    @CommandLine.Command(name = "empty")
    private static final class Empty {}

    @ParameterizedTest
    @MethodSource("failures")
    void everyFailureHasItsCodeAlsoWithinWrappers(Throwable failure, ExitCode expected) {
        assertEquals(expected, Failures.code(failure));
        assertEquals(expected, Failures.code(new ExecutionException(failure)));
        assertEquals(expected, Failures.code(new CompletionException(new ExecutionException(failure))));
    }

    @Test
    void aRefusalIsOneSentenceWithoutAStackTrace() {
        Told told = report(new InputRefused("a.json: not valid JSON at line 3"), false);
        assertEquals("headwise: a.json: not valid JSON at line 3" + System.lineSeparator(), told.text);
    }

    @Test
    void verboseAddsTheStackTrace() {
        assertTrue(report(new InputRefused("a.json"), true).text.contains("at org.headwise.workbench.FailuresTest"));
    }

    @Test
    void aBugLeavesACrashFileWithTheCommandLineAndTheTrace() throws IOException {
        Told told = report(new IllegalStateException("a head too many"), false);
        assertEquals(ExitCode.BUG, told.code);
        assertTrue(told.text.contains("a head too many"), told.text);
        assertFalse(told.text.contains("\tat "), told.text);
        Path file = Path.of(told.text.replaceAll("(?s).*Details are in (.*\\.txt);.*", "$1"));
        String crash = Files.readString(file);
        Files.delete(file);
        assertTrue(crash.contains("command: evaluate 'two words'"), crash);
        assertTrue(crash.contains("IllegalStateException: a head too many"), crash);
        assertTrue(crash.contains("at org.headwise.workbench.FailuresTest"), crash);
        assertTrue(crash.contains(About.tool()), crash);
    }

    @Test
    void controlCharactersInAMessageAreRemoved() {
        Told told = report(new InputRefused("prompt \u001b]0;title\u0007 \u202eevil"), false);
        assertEquals("headwise: prompt ]0;title evil" + System.lineSeparator(), told.text);
    }

    private record Told(ExitCode code, String text) {}

    private static Told report(Throwable failure, boolean verbose) {
        StringWriter err = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(err), false, false);
        ExitCode code = Failures.report(failure, List.of("evaluate", "two words"), terminal, verbose);
        return new Told(code, err.toString());
    }
}
