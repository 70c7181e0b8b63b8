package org.headwise.datasets;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.headwise.files.InputRefused;
import org.headwise.files.Provenance;

/**
 * Prompts in the order of their source; equal ones are kept, for they are data.
 *
 * @param name name of a bundled set, or the file as given
 * @param bytes size of the source
 * @param sha256 of the source
 * @param prompts at least one, without surrounding blanks
 * @param skipped blank lines and comments of the source
 */
public record PromptSet(String name, long bytes, String sha256, List<String> prompts, long skipped) {
    public PromptSet {
        prompts = List.copyOf(prompts);
    }

    /**
     * A bundled set by its name, else the file of that path ({@code .txt} or {@code .jsonl}). A file named as a bundled
     * set is meant only when written with a folder, as in {@code ./everyday}.
     *
     * @throws InputRefused if there is no such set, or the file is none
     */
    public static PromptSet load(String nameOrPath) {
        return PromptSets.find(nameOrPath).orElseGet(() -> PromptFile.read(path(nameOrPath)));
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new InputRefused("prompts: \"" + text + "\" is no file name: " + e.getReason(), e);
        }
    }

    /** The first {@code most} prompts, or all if there are fewer; 0 means all. */
    public PromptSet limit(int most) {
        return most == 0 || most >= prompts.size()
                ? this
                : new PromptSet(name, bytes, sha256, prompts.subList(0, most), skipped);
    }

    /** The source, for the provenance of what is made from it. */
    public Provenance.Input input() {
        return new Provenance.Input(name, bytes, sha256);
    }
}
