package org.headwise.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.headwise.files.InputRefused;
import org.headwise.files.Progress;

/**
 * What reading all of a checkpoint tells: whether its records are as they were written, where the format has checksums,
 * and whether its numbers are finite.
 *
 * @param matching records whose checksum is right
 * @param without records without a checksum, as in files of PyTorch that was told to leave them out
 * @param problems a sentence for every record that is not as it was written
 * @param tensors how many were looked through
 * @param odd those that have NaN or infinities in them
 */
public record Verification(int matching, int without, List<String> problems, int tensors, List<Odd> odd) {
    /**
     * A tensor with numbers that are not finite. That may be meant: some files hold masks.
     *
     * @param elements all numbers of the tensor
     * @param first names the first of them that is not finite, with file, tensor and index
     */
    public record Odd(String tensor, long nans, long infinities, long elements, String first) {}

    /**
     * Reads a checkpoint once or, where there are checksums, twice; memory for one tensor at most is needed.
     *
     * @param file a file, or the index of shards
     * @param progress told of tensors
     */
    public static Verification of(Path file, Progress progress) {
        int matching = 0;
        int without = 0;
        List<String> problems = new ArrayList<>();
        for (Path part : FileContent.of(file) == FileContent.JSON ? ShardedCheckpoint.files(file) : List.of(file)) {
            if (FileContent.of(part) == FileContent.PYTORCH_ZIP) {
                ZipChecksums sums = checksums(part);
                matching += sums.matching();
                without += sums.without();
                sums.problems().forEach(problem -> problems.add(part + ": " + problem));
            }
        }
        List<Odd> odd = new ArrayList<>();
        int tensors = 0;
        try (Checkpoint checkpoint = Checkpoints.open(file)) {
            progress.start("verifying", checkpoint.names().size());
            for (String name : checkpoint.names()) {
                StoredTensor tensor = checkpoint.get(name);
                long first = tensor.firstNotFinite();
                if (first >= 0) {
                    odd.add(count(tensor, first));
                }
                tensor.release();
                progress.step(++tensors);
            }
        } catch (InputRefused e) {
            // A damaged pickle can be worse than a wrong checksum.
            problems.add(e.getMessage());
        } finally {
            progress.finish();
        }
        return new Verification(matching, without, List.copyOf(problems), tensors, List.copyOf(odd));
    }

    private static Odd count(StoredTensor tensor, long first) {
        long nans = 0;
        long infinities = 0;
        for (long i = first; i < tensor.elements(); i++) {
            double value = tensor.at(i);
            nans += Double.isNaN(value) ? 1 : 0;
            infinities += Double.isInfinite(value) ? 1 : 0;
        }
        return new Odd(tensor.name(), nans, infinities, tensor.elements(), tensor.problem(first));
    }

    private static ZipChecksums checksums(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            return ZipChecksums.of(
                    file.toString(), channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " could not be read: " + e.getMessage(), e);
        }
    }
}
