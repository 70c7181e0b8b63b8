package org.headwise.schedules.conform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        for (Path weights : forms(recorded)) {
            try (Checkpoint checkpoint = Checkpoints.open(weights)) {
                new JanusReplay(recorded, checkpoint, workshop.engine(), out).compare();
            }
        }
    }

    /** The file or folder of the weights; of a folder of folders, all of them: the same weights in several forms. */
    private static List<Path> forms(RecordedCase recorded) {
        Path weights = recorded.file("weights");
        if (!Files.isDirectory(weights)) {
            return List.of(weights);
        }
        try (Stream<Path> list = Files.list(weights)) {
            List<Path> folders = list.filter(Files::isDirectory).sorted().toList();
            return folders.isEmpty() ? List.of(weights) : folders;
        } catch (IOException e) {
            throw new UncheckedIOException(weights + " could not be listed: " + e.getMessage(), e);
        }
    }
}
