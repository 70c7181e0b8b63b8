package org.headwise.checkpoint;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.headwise.files.InputRefused;

/** Named tensors in a file or a folder of shards, mapped and read on demand. */
public interface Checkpoint extends AutoCloseable {
    /** Path of the file or folder, for messages. */
    String origin();

    /** Names in the order of the file. */
    Set<String> names();

    Optional<StoredTensor> find(String name);

    /** Free text that the file carries beside its tensors. */
    Map<String, String> metadata();

    /** A tensor that must be there. */
    default StoredTensor get(String name) {
        return find(name).orElseThrow(() -> new InputRefused(origin() + ": there is no tensor " + name));
    }

    /** Refuses the checkpoint, naming all that is missing, unless every one of these tensors is there. */
    default void requireAll(Collection<String> names) {
        List<String> missing = names.stream()
                .filter(name -> !names().contains(name))
                .distinct()
                .toList();
        if (!missing.isEmpty()) {
            throw new InputRefused(origin() + ": " + missing.size() + " of the tensors that are needed "
                    + (missing.size() == 1 ? "is" : "are") + " missing: " + Names.of(missing, 50));
        }
    }

    /** Type and shape of a tensor that must be there; its data are not touched. */
    default TensorInfo describe(String name) {
        StoredTensor tensor = get(name);
        return new TensorInfo(tensor.dtype(), tensor.shape());
    }

    @Override
    void close();
}
