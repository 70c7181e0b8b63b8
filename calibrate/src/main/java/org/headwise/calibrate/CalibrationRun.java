package org.headwise.calibrate;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.headwise.attention.KeyValueObserver;
import org.headwise.attention.KvCache;
import org.headwise.attention.WatchedCache;
import org.headwise.files.AtomicFile;
import org.headwise.files.FolderLock;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.files.JsonDifference;
import org.headwise.files.Progress;
import org.headwise.files.Sha256;
import org.headwise.model.ImageModel;
import org.headwise.model.StepProgress;
import org.headwise.tensor.NonFinite;
import tools.jackson.databind.JsonNode;

/**
 * Runs a model over prompts and writes down what its attention did, in a folder: {@code run.json} first, then per prompt
 * a shard of sums and a journal record, at last their sum in {@code profile/profile.safetensors} and {@code COMMIT}. A
 * run that was stopped at any moment goes on where it was, and ends with the same bytes as an unbroken one.
 *
 * @param cache makes the cache of one generation
 * @param prompts one per seed of the description
 * @param statistics what to sum up; their sums are cleared for every prompt, and those that are {@link KeyValueObserver}s
 *     see the cache's keys and values too
 */
public record CalibrationRun(
        ImageModel model,
        Supplier<KvCache> cache,
        RunDescription description,
        List<String> prompts,
        List<Accumulator> statistics) {
    /** How a run ended. */
    public enum End {
        FINISHED,
        /** The folder held the finished run already, and was left as it was. */
        ALREADY_FINISHED,
        /** Stopped between two prompts; the same call goes on from there. */
        INTERRUPTED
    }

    /**
     * How a run ended.
     *
     * @param prompts how many are done
     * @param reused how many of these an earlier call had done
     */
    public record Result(End end, int prompts, int reused) {}

    public CalibrationRun {
        prompts = List.copyOf(prompts);
        statistics = List.copyOf(statistics);
        if (prompts.size() != description.seeds().size()) {
            throw new IllegalArgumentException(
                    prompts.size() + " prompts but " + description.seeds().size() + " seeds");
        }
        if (!model.geometry().equals(description.geometry())) {
            throw new IllegalArgumentException("the model has another geometry than the run");
        }
    }

    /**
     * Starts or resumes the run.
     *
     * @param cancelled asked before every prompt
     * @throws InputRefused if the folder holds another run or other files, or the model's attention is not finite
     * @throws org.headwise.files.FolderBusy if another process or thread writes to the folder
     */
    public Result into(Path folder, Progress progress, BooleanSupplier cancelled) {
        RunLayout layout = new RunLayout(folder);
        layout.requireFreeOrRun();
        try (FolderLock _ = FolderLock.acquire(folder)) {
            layout.sweep();
            describe(layout);
            Journal journal = new Journal(layout.journal());
            SortedMap<Integer, JournalRecord> done = intact(layout, journal.read());
            if (committed(layout, done)) {
                return new Result(End.ALREADY_FINISHED, prompts.size(), prompts.size());
            }
            RunLayout.delete(List.of(layout.commit()));
            journal.settle(done.values());
            int reused = done.size();
            progress.start("calibrating", prompts.size());
            try {
                progress.step(reused);
                for (int i = 0; i < prompts.size(); i++) {
                    if (!done.containsKey(i)) {
                        if (cancelled.getAsBoolean()) {
                            return new Result(End.INTERRUPTED, done.size(), reused);
                        }
                        JournalRecord record = observe(layout, i, progress);
                        journal.append(record);
                        done.put(i, record);
                        progress.step(done.size());
                    }
                }
            } finally {
                progress.finish();
            }
            journal.settle(done.values());
            merge(layout);
            CommitMark.of(layout, prompts.size()).write(layout.commit());
            return new Result(End.FINISHED, done.size(), reused);
        }
    }

    private void describe(RunLayout layout) {
        JsonNode wanted = description.write();
        if (!Files.exists(layout.run())) {
            AtomicFile.write(layout.run(), Json.pretty(wanted));
            return;
        }
        JsonNode found = Json.read(layout.run());
        RunDescription.read(found, layout.run().toString());
        JsonDifference.first(RunDescription.comparable(found), RunDescription.comparable(wanted))
                .ifPresent(difference -> {
                    throw InputRefused.in(
                            layout.run(),
                            "the folder holds a run with other settings: " + difference
                                    + "; repeat those settings, or choose another folder");
                });
    }

    /** The records that belong to this run and whose shard is what it was. */
    private SortedMap<Integer, JournalRecord> intact(RunLayout layout, SortedMap<Integer, JournalRecord> records) {
        SortedMap<Integer, JournalRecord> intact = new TreeMap<>();
        records.forEach((index, record) -> {
            if (index < prompts.size()
                    && record.equals(record(index, record.sha256()))
                    && Files.isRegularFile(layout.shard(index))
                    && record.sha256().equals(Sha256.of(layout.shard(index)))) {
                intact.put(index, record);
            }
        });
        return intact;
    }

    private boolean committed(RunLayout layout, Map<Integer, JournalRecord> done) {
        if (done.size() != prompts.size() || !Files.exists(layout.commit())) {
            return false;
        }
        try {
            CommitMark.read(layout.commit()).require(layout);
            return true;
        } catch (InputRefused e) {
            // Damaged since: what fails is made again from the shards.
            return false;
        }
    }

    private JournalRecord record(int index, String sha256) {
        return new JournalRecord(
                index, prompts.get(index), description.seeds().get(index), RunLayout.shardName(index), sha256);
    }

    private JournalRecord observe(RunLayout layout, int index, Progress progress) {
        statistics.forEach(statistic -> statistic.sums().clear());
        try (KvCache kept = watched(cache.get(), progress)) {
            model.generate(
                    description
                            .sampling()
                            .request(prompts.get(index), description.seeds().get(index)),
                    kept,
                    new CombinedObserver(List.copyOf(statistics)));
        } catch (NonFinite e) {
            throw new InputRefused(
                    "model " + description.model() + ", prompt " + index + " (\"" + shortened(prompts.get(index))
                            + "\"): " + e.getMessage(),
                    e);
        }
        Map<String, Sums> sums = new TreeMap<>();
        statistics.forEach(statistic -> sums.put(statistic.name(), statistic.sums()));
        SumsFile.write(layout.shard(index), description, 1, sums);
        return record(index, Sha256.of(layout.shard(index)));
    }

    private KvCache watched(KvCache kept, Progress progress) {
        List<KeyValueObserver> observers = new ArrayList<>(List.of(new StepProgress(progress)));
        statistics.stream()
                .filter(KeyValueObserver.class::isInstance)
                .map(KeyValueObserver.class::cast)
                .forEach(observers::add);
        return new WatchedCache(kept, 1, observers);
    }

    private static String shortened(String prompt) {
        return prompt.length() <= 80 ? prompt : prompt.substring(0, 77) + "...";
    }

    /** Adds up the shards in the order of the prompts, so that rounding is always the same. */
    private void merge(RunLayout layout) {
        SortedMap<String, Sums> total = SumsFile.read(layout.shard(0), description, 1);
        for (int i = 1; i < prompts.size(); i++) {
            SumsFile.read(layout.shard(i), description, 1)
                    .forEach((name, sums) -> total.get(name).add(sums));
        }
        SumsFile.write(layout.profile(), description, prompts.size(), total);
    }
}
