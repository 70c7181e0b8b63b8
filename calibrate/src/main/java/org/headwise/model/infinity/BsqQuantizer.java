package org.headwise.model.infinity;

import java.util.ArrayList;
import java.util.List;
import org.headwise.model.Grid;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;

/**
 * Multi-scale residual binary spherical quantizer of Infinity: a bit is the sign of a latent channel, its code
 * +-1/sqrt(channels). Has no parameters.
 */
public final class BsqQuantizer {
    private final Engine engine;

    public BsqQuantizer(Engine engine) {
        this.engine = engine;
    }

    /**
     * An encoded latent.
     *
     * @param bits per scale, [batch, channels, height, width] of 0 and 1
     * @param summed the codes of all scales at the last grid, [batch, channels, height, width]
     */
    public record Encoded(List<Tensor> bits, Tensor summed) {}

    /** Quantises a latent [batch, channels, height, width]; the last grid of the schedule is the latent's own. */
    public Encoded encode(Tensor latent, List<Grid> schedule) {
        Grid last = schedule.getLast();
        Tensor summed = Tensor.zeros(latent.shape());
        List<Tensor> bits = new ArrayList<>();
        for (Grid grid : schedule) {
            Tensor residual = latent.copy();
            for (int i = 0; i < residual.size(); i++) {
                residual.data()[i] -= summed.data()[i];
            }
            Tensor scale = grid.equals(last) ? residual : engine.resizeArea(residual, grid.height(), grid.width());
            for (int i = 0; i < scale.size(); i++) {
                scale.data()[i] = scale.data()[i] > 0 ? 1 : 0;
            }
            bits.add(scale);
            addCodes(summed, codes(scale));
        }
        return new Encoded(bits, summed);
    }

    /** Codes of bits [batch, channels, height, width]. */
    public Tensor codes(Tensor bits) {
        float code = (float) (1 / Math.sqrt(bits.dim(1)));
        Tensor out = Tensor.zeros(bits.shape());
        for (int i = 0; i < bits.size(); i++) {
            out.data()[i] = bits.data()[i] > 0 ? code : -code;
        }
        return out;
    }

    /** Adds codes of any grid to the running sum at the last grid, resized bilinearly. */
    public void addCodes(Tensor summed, Tensor codes) {
        engine.add(summed, resize(codes, new Grid(summed.dim(2), summed.dim(3))));
    }

    /** The running sum as the next scale sees it: a plain two-tap bilinear sample, even when shrinking. */
    public Tensor resize(Tensor planes, Grid grid) {
        return planes.dim(2) == grid.height() && planes.dim(3) == grid.width()
                ? planes
                : engine.resizeBilinear(planes, grid.height(), grid.width());
    }
}
