package org.headwise.model.infinity;

import java.nio.file.Path;
import org.headwise.model.ImageModel;
import org.headwise.model.ModelFamily;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;

/** Infinity: next-scale prediction with bitwise labels. */
public final class InfinityFamily implements ModelFamily {
    @Override
    public String name() {
        return "infinity";
    }

    @Override
    public ImageModel open(Path folder, Engine engine, DType storage) {
        return InfinityModel.open(folder, engine, storage);
    }
}
