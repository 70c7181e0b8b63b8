package org.headwise.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.headwise.files.Progress;

/**
 * What reading all of a checkpoint tells: whether its records are as they were written, where the format has checksums,
 * and whether its numbers are finite.
 *
 * @param tensors how many were looked through
 * @param odd those that have NaN or infinities in them
 */
public record Verification(ZipChecksums checksums, int tensors, List<Odd> odd) {
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
     * @param progress told of records, then of tensors
     * @throws org.headwise.files.InputRefused if it cannot be opened; {@link ZipChecksums} may tell why
     */
    public static Verification of(Path file, Progress progress) {
        ZipChecksums checksums = ZipChecksums.of(file, progress);
        List<Odd> odd = new ArrayList<>();
        int tensors = 0;
        try (Checkpoint checkpoint = Checkpoints.open(file)) {
            progress.start("looking for NaN", checkpoint.names().size());
            for (String name : checkpoint.names()) {
                StoredTensor tensor = checkpoint.get(name);
                long first = tensor.firstNotFinite();
                if (first >= 0) {
                    odd.add(count(tensor, first));
                }
                tensor.release();
                progress.step(++tensors);
            }
        } finally {
            progress.finish();
        }
        return new Verification(checksums, tensors, List.copyOf(odd));
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
}
