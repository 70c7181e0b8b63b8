package org.headwise.datasets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.files.Sha256;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads prompt files. {@code .txt}: one prompt per line; blank lines and lines that begin with {@code #} are skipped.
 * {@code .jsonl}: one object per line with {@code prompt}, {@code caption} or the first of {@code captions}, looked for
 * in this order; blank lines are skipped.
 */
final class PromptFile {
    static final long MOST_BYTES = 64 << 20;
    static final int MOST_CHARACTERS = 4096;

    private PromptFile() {}

    /** How one line becomes a prompt; empty for a line to skip. */
    @FunctionalInterface
    private interface Line {
        Optional<String> prompt(String line, int number);
    }

    static PromptSet read(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (!name.endsWith(".txt") && !name.endsWith(".jsonl")) {
            throw InputRefused.in(
                    file,
                    "neither a bundled prompt set ("
                            + PromptSets.bundled().stream()
                                    .map(PromptSets.Bundled::name)
                                    .collect(Collectors.joining(", "))
                            + ") nor a .txt or .jsonl file");
        }
        byte[] bytes = bytes(file);
        return name.endsWith(".txt") ? text(file.toString(), bytes) : jsonLines(file.toString(), bytes);
    }

    static PromptSet text(String name, byte[] bytes) {
        return lines(name, bytes, (line, number) -> line.startsWith("#") ? Optional.empty() : Optional.of(line));
    }

    static PromptSet jsonLines(String name, byte[] bytes) {
        return lines(name, bytes, (line, number) -> Optional.of(jsonPrompt(line, name, number)));
    }

    private static byte[] bytes(Path file) {
        try {
            if (!Files.exists(file)) {
                throw InputRefused.in(file, "no such file");
            }
            if (!Files.isRegularFile(file)) {
                throw InputRefused.in(file, "not a regular file");
            }
            if (Files.size(file) > MOST_BYTES) {
                throw InputRefused.in(
                        file, Files.size(file) + " bytes, expected at most " + MOST_BYTES + "; split the file");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " could not be read: " + e.getMessage(), e);
        }
    }

    private static PromptSet lines(String name, byte[] bytes, Line reader) {
        List<String> prompts = new ArrayList<>();
        long skipped = 0;
        int number = 0;
        for (String raw : Utf8.decode(name, bytes).lines().toList()) {
            number++;
            String line = raw.strip();
            Optional<String> prompt = line.isEmpty() ? Optional.empty() : reader.prompt(line, number);
            if (prompt.isPresent()) {
                prompts.add(checked(prompt.get().strip(), name, number));
            } else {
                skipped++;
            }
        }
        if (prompts.isEmpty()) {
            throw new InputRefused(name + ": there is no prompt in it");
        }
        return new PromptSet(name, bytes.length, Sha256.of(bytes), prompts, skipped);
    }

    private static String checked(String prompt, String name, int number) {
        if (prompt.isEmpty()) {
            throw refused(name, number, "the prompt is empty");
        }
        if (prompt.length() > MOST_CHARACTERS) {
            throw refused(
                    name,
                    number,
                    "a prompt of " + prompt.length() + " characters, expected at most " + MOST_CHARACTERS);
        }
        for (int i = 0; i < prompt.length(); i += Character.charCount(prompt.codePointAt(i))) {
            int c = prompt.codePointAt(i);
            boolean control = Character.isISOControl(c) && c != '\t';
            if (control || Character.getType(c) == Character.SURROGATE) {
                throw refused(
                        name,
                        number,
                        String.format(
                                Locale.ROOT, "character U+%04X at place %d cannot be part of a prompt", c, i + 1));
            }
        }
        return prompt;
    }

    private static String jsonPrompt(String line, String name, int number) {
        JsonNode object;
        try {
            object = Json.mapper().readTree(line);
        } catch (JacksonException e) {
            throw new InputRefused(name + " line " + number + ": not valid JSON: " + e.getOriginalMessage(), e);
        }
        JsonNode captions = object.path("captions");
        for (JsonNode text : List.of(object.path("prompt"), object.path("caption"), captions.path(0))) {
            if (text.isString()) {
                return text.stringValue();
            }
        }
        throw refused(
                name, number, "expected an object with \"prompt\", \"caption\" or a list \"captions\", each of text");
    }

    private static InputRefused refused(String name, int number, String problem) {
        return new InputRefused(name + " line " + number + ": " + problem);
    }
}
