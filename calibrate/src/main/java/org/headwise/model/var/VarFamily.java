package org.headwise.model.var;

import org.headwise.model.ImageModel;
import org.headwise.model.ModelFamily;
import org.headwise.model.ModelSource;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;

/** VAR: next-scale prediction from a class. */
public final class VarFamily implements ModelFamily {
    @Override
    public String name() {
        return "var";
    }

    @Override
    public ImageModel open(ModelSource source, Engine engine, DType storage) {
        return VarModel.open(source, engine, storage);
    }
}
