package org.headwise.schedules.conform;

import java.util.Arrays;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.model.infinity.BsqQuantizer;
import org.headwise.model.infinity.InfinityVae;
import org.headwise.tensor.Tensor;

/** Kind {@code unit}, the image tokenizer: codes to image with its intermediates, bits to image, image to latent. */
final class VaeCheck implements CaseCheck {
    @Override
    public boolean covers(RecordedCase recorded) {
        return recorded.kind().equals("unit")
                && recorded.has("vae")
                && (recorded.hasTensor("z") || recorded.hasTensor("idx.bits0") || recorded.hasTensor("enc.image"));
    }

    @Override
    public void check(RecordedCase recorded, Workshop workshop, Comparison out) {
        InfinityVae vae = workshop.vae(recorded);
        if (recorded.hasTensor("z")) {
            decode(recorded, vae, out);
        }
        if (recorded.hasTensor("idx.bits0")) {
            decodeBits(recorded, workshop, vae, out);
        }
        if (recorded.hasTensor("enc.image")) {
            Tensor latent = vae.encode(recorded.tensor("enc.image").toTensor());
            out.close(recorded.tensor("enc.latent"), latent.data(), recorded.tolerance("latent", "features"));
        }
    }

    private static void decode(RecordedCase recorded, InfinityVae vae, Comparison out) {
        Tensor image = vae.decode(recorded.tensor("z").toTensor(), (name, value) -> {
            String recordedName = name.equals("dec.raw") ? "decoder_raw" : name;
            if (recorded.hasTensor(recordedName)) {
                out.leading(recorded.tensor(recordedName), value, recorded.tolerance("features"));
            }
        });
        if (recorded.hasTensor("image_float")) {
            out.close(recorded.tensor("image_float"), image.data(), recorded.tolerance("image_float"));
        }
        if (recorded.hasTensor("image_u8")) {
            out.close(recorded.tensor("image_u8"), GenerationReplay.bgr(image), recorded.tolerance("image_u8"));
        }
    }

    private static void decodeBits(RecordedCase recorded, Workshop workshop, InfinityVae vae, Comparison out) {
        BsqQuantizer quantizer = new BsqQuantizer(workshop.engine());
        StoredTensor expected = recorded.tensor("idx.summed_codes");
        Tensor summed = Tensor.zeros(
                Arrays.stream(expected.shape()).mapToInt(Math::toIntExact).toArray());
        for (int scale = 0; recorded.hasTensor("idx.bits" + scale); scale++) {
            StoredTensor bits = recorded.tensor("idx.bits" + scale);
            quantizer.addCodes(summed, quantizer.codes(RecordedBits.planes(recorded, bits)));
        }
        out.close(
                expected,
                summed.data(),
                recorded.toleranceIfAny("summed_codes", "codes").orElse(new Tolerance(1e-5, 0)));
        if (recorded.hasTensor("idx.image_float")) {
            Tensor image = vae.decode(summed, null);
            out.close(recorded.tensor("idx.image_float"), image.data(), recorded.tolerance("image_float"));
        }
    }
}
