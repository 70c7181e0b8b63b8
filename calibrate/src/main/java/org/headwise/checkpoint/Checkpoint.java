package org.headwise.checkpoint;

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

    @Override
    void close();
}
