package org.headwise.model.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.headwise.datasets.Picture;
import org.headwise.tensor.Tensor;

/** Turns what an image decoder makes into pictures. */
public final class Pictures {
    private Pictures() {}

    /**
     * Decodes one image after another: the maps of an image are far larger than what it is made of.
     *
     * @param latents [batch, ...]
     * @param decoder takes [1, ...] and gives [1, 3, H, W]
     */
    public static List<Picture> each(Tensor latents, UnaryOperator<Tensor> decoder) {
        int[] shape = latents.shape();
        int batch = shape[0];
        int size = latents.size() / batch;
        shape[0] = 1;
        List<Picture> pictures = new ArrayList<>();
        for (int b = 0; b < batch; b++) {
            Tensor one = Tensor.of(Arrays.copyOfRange(latents.data(), b * size, (b + 1) * size), shape);
            pictures.addAll(of(decoder.apply(one)));
        }
        return pictures;
    }

    /** Images [batch, 3, H, W] as pictures: (x + 1) / 2 * 255, clamped to 0 to 255, then truncated. */
    public static List<Picture> of(Tensor images) {
        int height = images.dim(2);
        int width = images.dim(3);
        int plane = height * width;
        List<Picture> pictures = new ArrayList<>();
        for (int b = 0; b < images.dim(0); b++) {
            byte[] rgb = new byte[3 * plane];
            for (int c = 0; c < 3; c++) {
                for (int i = 0; i < plane; i++) {
                    float level = (images.data()[(b * 3 + c) * plane + i] + 1) / 2 * 255;
                    rgb[3 * i + c] = (byte) Math.clamp(level, 0f, 255f);
                }
            }
            pictures.add(new Picture(width, height, rgb));
        }
        return pictures;
    }
}
