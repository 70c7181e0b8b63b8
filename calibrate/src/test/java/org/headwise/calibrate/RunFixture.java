package org.headwise.calibrate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.headwise.attention.FullCache;
import org.headwise.attention.Guidance;
import org.headwise.datasets.PromptSet;
import org.headwise.files.Progress;
import org.headwise.files.Provenance;
import org.headwise.files.Sha256;
import org.headwise.model.Sampling;

/** The run that the tests of this package stop, damage and resume. */
final class RunFixture {
    static final List<String> PROMPTS = List.of("a cat", "a \"dog\",\n\u00e4 line", "a cat", "a fox");

    private RunFixture() {}

    static RunSampling sampling(float guidance, int topK) {
        return RunSampling.of(new Sampling(guidance, 1, topK, 0.97f));
    }

    static List<Accumulator> statistics() {
        return List.of(
                new ScaleMass(SeededAttentionModel.GEOMETRY, Guidance.CONDITIONAL),
                new ScaleMass(SeededAttentionModel.GEOMETRY, Guidance.UNCONDITIONAL));
    }

    static RunDescription description(List<String> prompts, RunSampling sampling, String... command) {
        return RunDescription.of(
                "test-model",
                SeededAttentionModel.GEOMETRY,
                List.of(new Provenance.Input("model.safetensors", 12, Sha256.of("weights"))),
                new PromptSet("prompts.txt", 99, Sha256.of(String.join("|", prompts)), prompts, 3),
                RunDescription.seedsFrom(42, prompts.size()),
                sampling,
                statistics(),
                "headwise 0.1",
                List.of(command));
    }

    static CalibrationRun run(SeededAttentionModel model) {
        return run(model, PROMPTS, statistics(), sampling(3, 0));
    }

    static CalibrationRun run(
            SeededAttentionModel model, List<String> prompts, List<Accumulator> statistics, RunSampling sampling) {
        return new CalibrationRun(
                model, FullCache::new, description(prompts, sampling, "calibrate"), prompts, statistics);
    }

    /** Runs to the end with a model of its own. */
    static CalibrationRun.Result finish(Path folder) {
        try (SeededAttentionModel model = new SeededAttentionModel(1)) {
            return run(model).into(folder, Progress.NONE, () -> false);
        }
    }

    /** Says no so many times, then yes. */
    static BooleanSupplier after(int times) {
        int[] asked = {0};
        return () -> asked[0]++ >= times;
    }

    /** All files of a folder by relative path, as hexadecimal digits. */
    static SortedMap<String, String> content(Path folder) {
        SortedMap<String, String> content = new TreeMap<>();
        for (Path file : files(folder)) {
            try {
                content.put(
                        folder.relativize(file).toString().replace('\\', '/'),
                        HexFormat.of().formatHex(Files.readAllBytes(file)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return content;
    }

    /** The same with a digest of each file, for readable failures. */
    static SortedMap<String, String> digests(Path folder) {
        SortedMap<String, String> digests = content(folder);
        digests.replaceAll((name, hex) -> Sha256.of(hex));
        return digests;
    }

    static void restore(SortedMap<String, String> content, Path folder) {
        content.forEach((name, hex) -> {
            try {
                Files.createDirectories(folder.resolve(name).getParent());
                Files.write(folder.resolve(name), HexFormat.of().parseHex(hex));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> walk = Files.walk(folder)) {
            return new ArrayList<>(walk.filter(Files::isRegularFile).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
