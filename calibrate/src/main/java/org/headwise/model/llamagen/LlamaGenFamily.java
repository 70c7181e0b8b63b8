package org.headwise.model.llamagen;

import org.headwise.model.ImageModel;
import org.headwise.model.ModelFamily;
import org.headwise.model.ModelSource;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;

/** LlamaGen: an image token by token, row by row, from a class or a text. */
public final class LlamaGenFamily implements ModelFamily {
    @Override
    public String name() {
        return "llamagen";
    }

    @Override
    public ImageModel open(ModelSource source, Engine engine, DType storage) {
        return LlamaGenModel.open(source, engine, storage);
    }
}
