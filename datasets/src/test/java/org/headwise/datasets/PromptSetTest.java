package org.headwise.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.headwise.files.InputRefused;
import org.headwise.files.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptSetTest {
    @TempDir
    Path folder;

    @Test
    void readsText() throws IOException {
        Path file = write("p.txt", "\ufeff# cats\r\n a cat \r\n\r\na cat\n   # not this\nein Kätzchen \uD83D\uDC31");
        PromptSet set = PromptSet.load(file.toString());
        assertEquals(List.of("a cat", "a cat", "ein Kätzchen \uD83D\uDC31"), set.prompts());
        assertEquals(3, set.skipped());
        assertEquals(Files.size(file), set.bytes());
        assertEquals(Sha256.of(file), set.sha256());
        assertEquals(file.toString(), set.input().name());
    }

    @Test
    void theTextAfterTheLastLineFeedIsNoLine() throws IOException {
        assertEquals(0, PromptSet.load(write("a.txt", "a cat\n").toString()).skipped());
        assertEquals(1, PromptSet.load(write("b.txt", "a cat\n\n").toString()).skipped());
    }

    @Test
    void readsJsonLines() throws IOException {
        Path file = write("p.jsonl", """
                {"prompt": "one", "caption": "not this"}
                {"id": 7, "caption": "two # kept"}

                {"captions": ["three", "not this"], "prompt": null}
                {"caption": "# four"}
                """);
        PromptSet set = PromptSet.load(file.toString());
        assertEquals(List.of("one", "two # kept", "three", "# four"), set.prompts());
        assertEquals(1, set.skipped());
    }

    @Test
    void limits() throws IOException {
        PromptSet set = PromptSet.load(write("p.txt", "a\nb\nc\n").toString());
        assertEquals(List.of("a", "b"), set.limit(2).prompts());
        assertEquals(set.sha256(), set.limit(2).sha256());
        assertEquals(3, set.limit(0).prompts().size());
        assertEquals(3, set.limit(9).prompts().size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            p.jsonl | {"prompt":"a"}~{"text":"b"}       | line 2: expected an object with "prompt"
            p.jsonl | {"prompt":"a"}~["b"]              | line 2: expected an object
            p.jsonl | {"prompt":7}                      | line 1: expected an object
            p.jsonl | {"captions":[]}                   | line 1: expected an object
            p.jsonl | {"prompt":"a"}~{"prompt":         | line 2: not valid JSON
            p.jsonl | {"prompt":"a","prompt":"b"}       | line 1: not valid JSON: Duplicate
            p.jsonl | {"prompt":"  "}                   | line 1: the prompt is empty
            p.jsonl | {"prompt":"a\\nb"}                 | line 1: character U+000A at place 2
            p.jsonl | {"prompt":"a\\ud800"}              | line 1: character U+D800 at place 2
            p.jsonl | {"prompt":"\\u001b[31m"}           | line 1: character U+001B at place 1
            p.jsonl | plain words                       | line 1: not valid JSON
            p.txt   | ''                                | there is no prompt in it
            p.txt   | ~# only a comment~                | there is no prompt in it
            p.csv   | a,b                               | neither a bundled prompt set (scenes-calibration, scenes-evaluation, everyday) nor
            """)
    void refusesWithTheLine(String name, String content, String problem) throws IOException {
        Path file = write(name, content.replace("~", "\n"));
        assertRefused(file, problem);
    }

    @Test
    void refusesWhatIsNotUtf8() throws IOException {
        Path file = folder.resolve("latin.txt");
        Files.write(file, "a cat\nein K\u00e4tzchen\n".getBytes(StandardCharsets.ISO_8859_1));
        assertRefused(file, "line 2: byte 6 of the line is not UTF-8");
        Files.write(file, "a cat\n".getBytes(StandardCharsets.UTF_16));
        assertRefused(file, "line 1: byte 1 of the line is not UTF-8");
        Files.write(file, new byte[] {'a', (byte) 0xe2, (byte) 0x82});
        assertRefused(file, "line 1: byte 2 of the line is not UTF-8");
        Files.write(file, "a\u0000 cat\n".getBytes(StandardCharsets.UTF_8));
        assertRefused(file, "line 1: character U+0000 at place 2");
    }

    @Test
    void refusesWhatIsTooLarge() throws IOException {
        String longest = "x".repeat(PromptFile.MOST_CHARACTERS);
        assertEquals(
                1,
                PromptSet.load(write("fits.txt", longest).toString()).prompts().size());
        assertRefused(write("long.txt", "a\n" + longest + "x"), "line 2: a prompt of 4097 characters");
        Path huge = folder.resolve("huge.txt");
        try (RandomAccessFile sparse = new RandomAccessFile(huge.toFile(), "rw")) {
            sparse.setLength(PromptFile.MOST_BYTES + 1);
        }
        assertRefused(huge, "67108865 bytes, expected at most 67108864");
    }

    @Test
    void refusesWhatIsNoFile() throws IOException {
        assertRefused(folder.resolve("absent.txt"), "no such file");
        assertRefused(Files.createDirectory(folder.resolve("folder.txt")), "not a regular file");
        assertThrows(InputRefused.class, () -> PromptSet.load(""));
        assertThrows(InputRefused.class, () -> PromptSet.load("a\u0000.txt"));
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static void assertRefused(Path file, String problem) {
        String message = assertThrows(InputRefused.class, () -> PromptSet.load(file.toString()))
                .getMessage();
        assertTrue(message.startsWith(file.toString()), message);
        assertTrue(message.contains(problem), message);
    }
}
