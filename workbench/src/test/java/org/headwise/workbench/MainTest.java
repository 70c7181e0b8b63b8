package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.headwise.files.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

class MainTest {
    static Stream<String> commands() {
        return below(headwise(), "");
    }

    private static CommandLine headwise() {
        return HeadwiseCommand.commandLine(new Session(Terminal.ofProcess(), new CommonOptions(), java.util.List.of()));
    }

    /** The names of all commands under one, with those that they are under, like "bench kernels". */
    private static Stream<String> below(CommandLine command, String before) {
        return command.getSubcommands().entrySet().stream()
                .flatMap(entry -> Stream.concat(
                        Stream.of(before + entry.getKey()), below(entry.getValue(), before + entry.getKey() + " ")));
    }

    private static Run help(String command) {
        return Run.of((command + " --help").split(" "));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyHelpStartsWithExamplesAndEndsWithExitCodes(String command) {
        Run run = help(command);
        assertEquals(0, run.code(), run.err());
        assertEquals("", run.err());
        String beforeUsage = run.out().substring(0, run.out().indexOf("Usage: headwise " + command));
        assertTrue(beforeUsage.lines().anyMatch(line -> line.startsWith("  headwise " + command)), run.out());
        String codes = run.out().substring(run.out().indexOf("Exit codes:"));
        for (ExitCode exit : ExitCode.values()) {
            assertTrue(
                    codes.lines()
                            .anyMatch(line -> line.strip().startsWith(exit.code + " ") && line.contains(exit.meaning)),
                    exit + " is missing in " + codes);
        }
        assertFalse(run.out().contains("\u001b"), "colours without a terminal");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyExampleInAHelpIsACommandLineThatParses(String command) {
        Run run = help(command);
        // An example may go on in the next line.
        run.out()
                .replaceAll("\\\\\\R +", "")
                .lines()
                .filter(line -> line.startsWith("  headwise "))
                .map(line -> line.replaceFirst(" +#.*", "")
                        .replaceFirst(" [>|] .*", "")
                        .strip())
                .forEach(line -> {
                    String[] words = CommandLines.split(line.substring("headwise ".length()));
                    CommandLine.ParseResult parsed = HeadwiseCommand.commandLine(
                                    new Session(Terminal.ofProcess(), new CommonOptions(), java.util.List.of(words)))
                            .parseArgs(words);
                    assertTrue(parsed.unmatched().isEmpty(), line);
                });
    }

    @ParameterizedTest
    @MethodSource("commands")
    void percentSignsInHelpAreEscapedAsPicocliWants(String command) {
        CommandLine named = headwise();
        for (String word : command.split(" ")) {
            named = named.getSubcommands().get(word);
        }
        CommandLine.Model.UsageMessageSpec usage = named.getCommandSpec().usageMessage();
        Stream.concat(Stream.of(usage.header()), Stream.of(usage.description()))
                .forEach(line -> assertFalse(String.format(line).isEmpty() && !line.isEmpty(), line));
    }

    @Test
    void theOverviewListsEveryCommand() {
        Run run = Run.of("--help");
        assertEquals(0, run.code());
        headwise()
                .getSubcommands()
                .keySet()
                .forEach(name -> assertTrue(
                        run.out().lines().anyMatch(line -> line.strip().startsWith(name + " ")), name));
        assertTrue(run.out().contains("Exit codes:"));
    }

    @Test
    void versionIsThatOfTheProject() throws Exception {
        Run run = Run.of("--version");
        assertEquals(0, run.code());
        String pom = Files.readString(Path.of("pom.xml"));
        String version = pom.replaceAll("(?s).*?<version>(.*?)</version>.*", "$1");
        assertTrue(run.out().startsWith("headwise " + version + System.lineSeparator()), run.out());
        JsonNode json = Json.parse(Run.of("--version", "--json").out(), "stdout");
        assertEquals(version, json.get("version").asString());
        assertTrue(json.get("java").asString().startsWith(Runtime.version().toString()));
    }

    @Test
    void aMistypedCommandIsAnsweredWithTheNearest() {
        Run run = Run.of("docto");
        assertEquals(2, run.code());
        assertEquals("", run.out());
        assertTrue(run.err().contains("doctor"), run.err());
    }

    @Test
    void aMistypedOptionIsAnsweredWithTheNearest() {
        Run run = Run.of("doctor", "--jsno");
        assertEquals(2, run.code());
        assertEquals("", run.out());
        assertTrue(run.err().contains("--json"), run.err());
        assertTrue(run.err().contains("headwise doctor --help"), run.err());
    }

    @Test
    void noCommandIsAUsageError() {
        Run run = Run.of();
        assertEquals(2, run.code());
        assertEquals("", run.out());
        assertTrue(run.err().contains("headwise --help"), run.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-3", "many", "1.5"})
    void threadsMustBeACount(String threads) {
        assertEquals(2, Run.of("doctor", "--threads", threads).code());
    }

    @Test
    void commonOptionsStandBeforeOrAfterTheCommand() {
        assertTrue(Run.of("--color", "always", "doctor", "--help").code() == 0);
        assertTrue(Run.of("doctor", "--color=never", "--threads=1").code() == 0);
    }

    @Test
    void argumentsMayComeFromAFile(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("arguments"), "--version\n# a comment\n--json\n");
        Run run = Run.of("@" + file);
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().startsWith("{"), run.out());
    }

    @Test
    void escapesInArgumentsDoNotReachTheTerminal() {
        Run run = Run.of("doctor", "--color", "\u001b[31mred");
        assertEquals(2, run.code());
        assertFalse(run.err().contains("\u001b"), run.err());
    }
}
