package org.headwise.model;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.checkpoint.TensorInfo;
import org.headwise.files.InputRefused;
import org.headwise.tensor.NonFinite;

/**
 * Says why numbers inside a model are NaN or infinite. Looking through all weights costs as much as reading the model, so
 * it is done when something went wrong, and not when a model is opened. Only tensors that the model took count: released
 * files hold masks of infinities beside the weights.
 */
public final class FiniteWeights {
    private final Map<Path, Set<String>> taken = new LinkedHashMap<>();

    /** Opens a checkpoint of the model and notes which of its tensors are asked for. */
    public Checkpoint open(Path file) {
        return new Noting(Checkpoints.open(file), taken.computeIfAbsent(file, f -> new LinkedHashSet<>()));
    }

    /**
     * Does what runs the model.
     *
     * @throws InputRefused if numbers are not finite because a weight is not, which is named
     * @throws NonFinite if all weights are finite, with what else there is to check
     */
    public <T> T watch(Supplier<T> work) {
        try {
            return work.get();
        } catch (NonFinite e) {
            throw explain(e);
        }
    }

    /** A refusal that names the first weight that is not finite; or the failure, with what else there is to check. */
    RuntimeException explain(NonFinite failure) {
        for (Map.Entry<Path, Set<String>> part : taken.entrySet()) {
            try (Checkpoint checkpoint = Checkpoints.open(part.getKey())) {
                for (String name : part.getValue()) {
                    StoredTensor tensor = checkpoint.get(name);
                    long odd = tensor.firstNotFiniteFloat();
                    if (odd >= 0) {
                        return new InputRefused(
                                tensor.problem(odd) + "; found because " + failure.getMessage()
                                        + "; every weight must be a number, so fetch or make the file again",
                                failure);
                    }
                    tensor.release();
                }
            }
        }
        return new NonFinite(
                failure.getMessage() + "; all weights in the model's files are finite, so sums became too large: check"
                        + " guidance and temperature, and hold weights and cache as BF16 or F32 if they are F16",
                failure);
    }

    private record Noting(Checkpoint file, Set<String> taken) implements Checkpoint {
        @Override
        public String origin() {
            return file.origin();
        }

        @Override
        public Set<String> names() {
            return file.names();
        }

        @Override
        public Optional<StoredTensor> find(String name) {
            Optional<StoredTensor> found = file.find(name);
            found.ifPresent(tensor -> taken.add(name));
            return found;
        }

        @Override
        public TensorInfo describe(String name) {
            return file.describe(name);
        }

        @Override
        public Map<String, String> metadata() {
            return file.metadata();
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
