package org.headwise.workbench;

import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.headwise.model.ModelPart;

/**
 * Where the files of a released model lie on this machine, as somebody said.
 *
 * @param folder holds all parts that have no place of their own; may be null
 */
record ModelPlace(Path folder, Map<ModelPart, Path> parts) {
    static final ModelPlace NOWHERE = new ModelPlace(null, Map.of());

    ModelPlace {
        Map<ModelPart, Path> sorted = new EnumMap<>(ModelPart.class);
        sorted.putAll(parts);
        parts = Collections.unmodifiableMap(sorted);
    }

    /** This place with what the other one says instead. */
    ModelPlace over(ModelPlace other) {
        Map<ModelPart, Path> all = new EnumMap<>(ModelPart.class);
        // A folder that is given later has all parts, so those of the earlier place are not meant any more.
        if (folder == null) {
            all.putAll(other.parts);
        }
        all.putAll(parts);
        return new ModelPlace(folder == null ? other.folder : folder, all);
    }
}
