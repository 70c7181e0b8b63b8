package org.headwise.model.raster;

import org.headwise.model.Geometry;
import org.headwise.tensor.Tensor;

/** What differs between the models that make an image token by token. */
public interface RasterNetwork {
    /** How many values an image token can take. */
    int codes();

    LlamaTrunk trunk();

    /** Positions of a generation of this geometry, its prompt included. */
    Rotation rotation(Geometry geometry);

    /** Embeddings of one image token per row, [rows, 1, width]. */
    Tensor embed(int[] ids);

    /** Logits over the image codes, [rows, codes], of hidden states [rows, width]. */
    Tensor head(Tensor hidden);
}
