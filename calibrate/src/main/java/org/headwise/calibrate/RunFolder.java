package org.headwise.calibrate;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.headwise.files.FolderLock;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.files.JsonFields;
import org.headwise.files.Sha256;
import org.headwise.model.Geometry;

/**
 * A finished calibration run, as others read it.
 *
 * @param folder where it lies
 * @param description what was run
 * @param records one per prompt, in order
 */
public record RunFolder(Path folder, RunDescription description, List<JournalRecord> records) {
    public RunFolder {
        records = List.copyOf(records);
    }

    /**
     * Opens a finished run and checks its files against what was committed; shards are checked when they are read.
     *
     * @throws InputRefused if it is no run, not finished, damaged, or of a version that this program does not know
     */
    public static RunFolder open(Path folder) {
        RunLayout layout = new RunLayout(folder);
        RunDescription description = description(layout);
        List<JournalRecord> records =
                List.copyOf(new Journal(layout.journal()).read().values());
        if (!Files.isRegularFile(layout.commit())) {
            throw InputRefused.in(
                    folder,
                    "the run is not finished: " + records.size() + " of "
                            + description.seeds().size() + " prompts are done; calibrate again to go on");
        }
        CommitMark mark = CommitMark.read(layout.commit());
        mark.require(layout);
        if (mark.prompts() != description.seeds().size() || records.size() != mark.prompts()) {
            throw InputRefused.in(
                    layout.journal(),
                    records.size() + " records, COMMIT says " + mark.prompts() + " and run.json "
                            + description.seeds().size());
        }
        return new RunFolder(folder, description, records);
    }

    /**
     * Removes a run, finished or not, so that it can start over. Only files that a calibration writes are removed.
     *
     * @throws InputRefused if the folder holds no run
     * @throws org.headwise.files.FolderBusy if somebody writes to it
     */
    public static void clear(Path folder) {
        RunLayout layout = new RunLayout(folder);
        Path run = layout.run();
        String schema = Files.isRegularFile(run)
                ? JsonFields.of(Json.read(run), run.toString()).text("schema")
                : "";
        if (!schema.startsWith(RunDescription.SCHEMA.kind() + "/")) {
            throw InputRefused.in(folder, "there is no calibration run, so nothing is removed");
        }
        try (FolderLock _ = FolderLock.acquire(folder)) {
            layout.clear();
        }
    }

    public Geometry geometry() {
        return description.geometry();
    }

    /** The sums of a statistic over all prompts, a copy of one's own. */
    public Sums merged(String statistic) {
        return sums(new RunLayout(folder).profile(), records.size(), statistic);
    }

    /**
     * The sums of a statistic over one prompt, a copy of one's own.
     *
     * @param prompt index from 0
     */
    public Sums prompt(int prompt, String statistic) {
        Path shard = new RunLayout(folder).shard(prompt);
        if (!Files.isRegularFile(shard)) {
            throw InputRefused.in(shard, "this part of a finished run is missing; calibrate again to restore it");
        }
        String found = Sha256.of(shard);
        String expected = records.get(prompt).sha256();
        if (!found.equals(expected)) {
            throw InputRefused.in(
                    shard,
                    "it is not what the run wrote: found sha256 " + found + ", the journal says " + expected
                            + "; calibrate again to restore it");
        }
        return sums(shard, 1, statistic);
    }

    private Sums sums(Path file, int prompts, String statistic) {
        Sums sums = SumsFile.read(file, description, prompts).get(statistic);
        if (sums == null) {
            throw InputRefused.in(
                    folder,
                    "the run has no statistic \"" + statistic + "\", it has "
                            + String.join(", ", description.statistics().keySet()));
        }
        return sums;
    }

    private static RunDescription description(RunLayout layout) {
        if (!Files.isDirectory(layout.folder())) {
            throw InputRefused.in(layout.folder(), "no such folder");
        }
        if (!Files.isRegularFile(layout.run())) {
            throw InputRefused.in(layout.folder(), "the folder holds no run: there is no run.json in it");
        }
        return RunDescription.read(Json.read(layout.run()), layout.run().toString());
    }
}
