package org.headwise.calibrate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.headwise.files.InputRefused;

/** What lies where in the folder of a run. */
record RunLayout(Path folder) {
    private static final String TEMPORARY = "\\..+\\.tmp-[0-9a-f-]{36}";
    private static final String SHARD = "prompt-\\d{5,}\\.safetensors";

    /** What later commands put beside a calibration; it may be there before a calibration starts over. */
    private static final Set<String> LATER =
            Set.of("analysis", "schedules", "evaluation", "report.html", "report-data");

    Path run() {
        return folder.resolve("run.json");
    }

    Path journal() {
        return folder.resolve("journal.jsonl");
    }

    Path commit() {
        return folder.resolve("COMMIT");
    }

    Path profiles() {
        return folder.resolve("profile");
    }

    Path profile() {
        return profiles().resolve("profile.safetensors");
    }

    static String shardName(int index) {
        return String.format(Locale.ROOT, "prompt-%05d.safetensors", index);
    }

    Path shard(int index) {
        return profiles().resolve(shardName(index));
    }

    /** Refuses a folder that holds something else, so that a run never mixes with strange files. */
    void requireFreeOrRun() {
        if (!Files.exists(folder) || Files.isRegularFile(run())) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw InputRefused.in(folder, "a file is there, expected a folder for the run");
        }
        List<Path> strange = list(folder).stream()
                .filter(file ->
                        !name(file).equals(".lock") && !name(file).matches(TEMPORARY) && !LATER.contains(name(file)))
                .toList();
        if (!strange.isEmpty()) {
            throw InputRefused.in(
                    folder,
                    "the folder is not empty and holds no run (found " + name(strange.getFirst())
                            + "); choose another folder");
        }
    }

    /** Removes half-written files of a process that was killed; the caller holds the lock. */
    void sweep() {
        for (Path place : List.of(folder, profiles())) {
            delete(list(place).stream()
                    .filter(file -> name(file).matches(TEMPORARY))
                    .toList());
        }
    }

    /** Removes the run and nothing else; what makes the folder a run goes last. */
    void clear() {
        sweep();
        delete(List.of(commit(), profile()));
        delete(list(profiles()).stream()
                .filter(file -> name(file).matches(SHARD))
                .toList());
        if (Files.isDirectory(profiles(), LinkOption.NOFOLLOW_LINKS)
                && list(profiles()).isEmpty()) {
            delete(List.of(profiles()));
        }
        delete(List.of(journal(), run()));
    }

    static void delete(List<Path> files) {
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(file + " could not be removed: " + e.getMessage(), e);
            }
        }
    }

    private static List<Path> list(Path folder) {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " could not be listed: " + e.getMessage(), e);
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }
}
