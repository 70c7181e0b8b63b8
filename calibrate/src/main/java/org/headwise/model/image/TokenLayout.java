package org.headwise.model.image;

import org.headwise.model.Grid;
import org.headwise.tensor.Tensor;

/** Moves numbers between token rows [batch, tokens, channels] and planes [batch, channels, height, width]. */
public final class TokenLayout {
    private TokenLayout() {}

    public static Tensor toPlanes(Tensor tokens, Grid grid) {
        int batch = tokens.dim(0);
        int n = grid.tokens();
        int channels = tokens.dim(2);
        Tensor planes = Tensor.zeros(batch, channels, grid.height(), grid.width());
        for (int b = 0; b < batch; b++) {
            for (int t = 0; t < n; t++) {
                for (int c = 0; c < channels; c++) {
                    planes.data()[(b * channels + c) * n + t] = tokens.data()[(b * n + t) * channels + c];
                }
            }
        }
        return planes;
    }

    public static Tensor toTokens(Tensor planes) {
        int batch = planes.dim(0);
        int channels = planes.dim(1);
        int n = planes.dim(2) * planes.dim(3);
        Tensor tokens = Tensor.zeros(batch, n, channels);
        for (int b = 0; b < batch; b++) {
            for (int c = 0; c < channels; c++) {
                for (int t = 0; t < n; t++) {
                    tokens.data()[(b * n + t) * channels + c] = planes.data()[(b * channels + c) * n + t];
                }
            }
        }
        return tokens;
    }

    /** Spatial patchify: channel c at (2y + i, 2x + j) becomes channel 4c + 2i + j at (y, x). */
    public static Tensor unshuffle(Tensor planes) {
        int batch = planes.dim(0);
        int channels = planes.dim(1);
        int height = planes.dim(2) / 2;
        int width = planes.dim(3) / 2;
        Tensor out = Tensor.zeros(batch, 4 * channels, height, width);
        for (int b = 0; b < batch * channels; b++) {
            for (int y = 0; y < 2 * height; y++) {
                for (int x = 0; x < 2 * width; x++) {
                    int channel = 4 * b + 2 * (y % 2) + x % 2;
                    out.data()[(channel * height + y / 2) * width + x / 2] =
                            planes.data()[(b * 2 * height + y) * 2 * width + x];
                }
            }
        }
        return out;
    }

    /** Undoes {@link #unshuffle}. */
    public static Tensor shuffle(Tensor planes) {
        int batch = planes.dim(0);
        int channels = planes.dim(1) / 4;
        int height = planes.dim(2);
        int width = planes.dim(3);
        Tensor out = Tensor.zeros(batch, channels, 2 * height, 2 * width);
        for (int b = 0; b < batch * channels; b++) {
            for (int y = 0; y < 2 * height; y++) {
                for (int x = 0; x < 2 * width; x++) {
                    int channel = 4 * b + 2 * (y % 2) + x % 2;
                    out.data()[(b * 2 * height + y) * 2 * width + x] =
                            planes.data()[(channel * height + y / 2) * width + x / 2];
                }
            }
        }
        return out;
    }
}
