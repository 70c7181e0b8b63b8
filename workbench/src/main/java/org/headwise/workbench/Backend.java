package org.headwise.workbench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.headwise.datasets.BundledModels;
import org.headwise.files.InputRefused;
import org.headwise.nd4j.IsolatedProducts;
import org.headwise.nd4j.Nd4jProducts;
import org.headwise.tensor.Engine;

/** What computes: names on the command line. */
enum Backend {
    /** The Vector API kernels, or plain loops, with a note, where the machine has no vectors. */
    vector,
    /** Plain loops: the reference. */
    scalar,
    /** Products of linear layers and convolutions by ND4J on the processor. */
    nd4j,
    /** The same by ND4J on an NVIDIA card. */
    cuda;

    /** What fetches ND4J for CUDA. */
    static final String FETCH = "mvn -f calibrate/cuda package";

    /** An engine of this kind; refused, with the reason, where it cannot run. */
    Engine engine(int threads) {
        return switch (this) {
            case vector -> Engine.vector(threads);
            case scalar -> Engine.scalar(threads);
            case nd4j -> Engine.with(processor(), threads);
            case cuda -> {
                CudaDriver.ask().obstacle().ifPresent(obstacle -> {
                    throw new InputRefused("--backend cuda: " + obstacle + "; the other backends need no card");
                });
                yield Engine.with(
                        IsolatedProducts.load(cudaJars()
                                .orElseThrow(
                                        () -> new InputRefused("--backend cuda: ND4J for CUDA is not there; fetch it"
                                                + " once (2.4 GB), in the folder of headwise, with: " + FETCH))),
                        threads);
            }
        };
    }

    private static Nd4jProducts processor() {
        try {
            return new Nd4jProducts();
        } catch (LinkageError | RuntimeException absent) {
            throw new InputRefused(
                    "--backend nd4j: ND4J does not start on this machine (" + absent
                            + "); see what 'headwise doctor' says of its native library",
                    absent);
        }
    }

    /** The jars of ND4J for CUDA, as its build has listed them; empty if it was not built or a jar is gone. */
    static Optional<List<Path>> cudaJars() {
        Path home = BundledModels.folder().getParent().getParent();
        try {
            List<Path> jars = Arrays.stream(Files.readString(home.resolve("calibrate/cuda/target/cuda.classpath"))
                            .strip()
                            .split(File.pathSeparator))
                    .map(Path::of)
                    .toList();
            return Optional.of(jars).filter(all -> all.stream().allMatch(Files::isRegularFile));
        } catch (IOException absent) {
            return Optional.empty();
        }
    }
}
