package org.headwise.schedules.conform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;

/** Kind {@code janus_generate}: greedy generations of Janus with the full cache, from one file or a folder of shards. */
final class JanusGenerationCheck implements CaseCheck {
    @Override
    public boolean covers(RecordedCase recorded) {
        return recorded.kind().equals("janus_generate");
    }

    @Override
    public void check(RecordedCase recorded, Workshop workshop, Comparison out) {
        for (Path weights : forms(recorded, out)) {
            try (Checkpoint checkpoint = Checkpoints.open(weights)) {
                new JanusReplay(recorded, checkpoint, workshop.engine(), out).compare();
            }
        }
    }

    /** The file or folder of the weights; of a folder of folders, all that hold the weights in a form that is read. */
    private static List<Path> forms(RecordedCase recorded, Comparison out) {
        Path weights = recorded.file("weights");
        if (!Files.isDirectory(weights) || !ending(weights, ".safetensors").isEmpty()) {
            return List.of(weights);
        }
        List<Path> forms = new ArrayList<>();
        try (Stream<Path> list = Files.list(weights)) {
            for (Path folder : list.filter(Files::isDirectory).sorted().toList()) {
                if (!ending(folder, ".safetensors").isEmpty()) {
                    forms.add(folder);
                } else if (!ending(folder, ".bin").isEmpty()) {
                    out.note(folder.getFileName() + " holds PyTorch pickles, which are not read by this version");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(weights + " could not be listed: " + e.getMessage(), e);
        }
        if (forms.isEmpty()) {
            throw recorded.refuse("the weights are in no form that this version reads, expected safetensors in "
                    + weights + " or a folder in it");
        }
        return forms;
    }

    private static List<Path> ending(Path folder, String end) {
        try (Stream<Path> list = Files.list(folder)) {
            return list.filter(file -> file.getFileName().toString().endsWith(end))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " could not be listed: " + e.getMessage(), e);
        }
    }
}
