package org.headwise.model.infinity;

import org.headwise.checkpoint.Checkpoint;
import org.headwise.files.InputRefused;
import org.headwise.model.ForwardProbe;
import org.headwise.tensor.Engine;
import org.headwise.tensor.NonFinite;
import org.headwise.tensor.Tensor;

/** Infinity's image tokenizer. A file without encoder weights decodes only. */
public final class InfinityVae {
    private final VaeDecoder decoder;
    private final VaeEncoder encoder;
    private final String origin;

    public InfinityVae(Checkpoint file, Engine engine) {
        this(file, engine, file.names().stream().anyMatch(name -> name.startsWith("encoder.")));
    }

    private InfinityVae(Checkpoint file, Engine engine, boolean encodes) {
        origin = file.origin();
        decoder = new VaeDecoder(file, engine);
        encoder = encodes ? new VaeEncoder(file, engine) : null;
    }

    /** The half that drawing images needs; the encoder is not read. */
    public static InfinityVae decoderOf(Checkpoint file, Engine engine) {
        return new InfinityVae(file, engine, false);
    }

    /** Summed codes [batch, bits, h, w] to images [batch, 3, H, W] in [-1, 1]; {@code probe} may be null. */
    public Tensor decode(Tensor summed, ForwardProbe probe) {
        Tensor image = decoder.decode(summed, probe).copy();
        // Clamping would turn an infinity into a plain white.
        NonFinite.check(image.data(), "the levels of the decoded image");
        for (int i = 0; i < image.size(); i++) {
            image.data()[i] = Math.clamp(image.data()[i], -1f, 1f);
        }
        return image;
    }

    /** Images [batch, 3, H, W] in [-1, 1] to latents [batch, bits, h, w]. */
    public Tensor encode(Tensor image) {
        if (encoder == null) {
            throw new InputRefused(origin + ": there are no encoder weights, so images cannot be encoded");
        }
        return encoder.encode(image);
    }
}
