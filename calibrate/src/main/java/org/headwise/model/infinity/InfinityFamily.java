package org.headwise.model.infinity;

import org.headwise.model.ImageModel;
import org.headwise.model.ModelFamily;
import org.headwise.model.ModelSource;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;

/** Infinity: next-scale prediction with bitwise labels. */
public final class InfinityFamily implements ModelFamily {
    @Override
    public String name() {
        return "infinity";
    }

    @Override
    public ImageModel open(ModelSource source, Engine engine, DType storage) {
        return InfinityModel.open(source, engine, storage);
    }
}
