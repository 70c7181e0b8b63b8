package org.headwise.schedules.conform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.headwise.attention.FullCache;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.files.Json;
import org.headwise.model.Grid;
import org.headwise.model.llamagen.LlamaGenConfig;
import org.headwise.model.llamagen.LlamaGenGenerator;
import org.headwise.model.raster.RasterOutcome;
import org.headwise.model.raster.RasterPlan;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The original program makes one batch of texts of several lengths, padded and masked; here nothing is padded. */
class LlamaGenBatchTest {
    @Test
    void textsOfSeveralLengthsInOneBatchGiveTheRecordedTokens() throws URISyntaxException {
        Path folder = Path.of(LlamaGenBatchTest.class
                        .getResource("/reference/janus/llamagen_t2i_a.json")
                        .toURI())
                .getParent();
        JsonNode recorded = Json.read(folder.resolve("llamagen_t2i_a.json"));
        JsonNode settings = recorded.get("config");
        int side = recorded.get("inputs").get("grid").asInt();
        LlamaGenConfig released = LlamaGenConfig.released();
        LlamaGenConfig config = new LlamaGenConfig(
                settings.get("n_head").asInt(),
                (float) settings.get("norm_eps").asDouble(),
                (float) settings.get("rope_base").asDouble(),
                new Grid(side, side),
                released.sampling(),
                released.transformer(),
                released.vae(),
                released.textEncoder());
        try (Engine engine = Engine.vector(2);
                Checkpoint weights = Checkpoints.open(folder.resolve("llamagen_t2i_a.pt"));
                Checkpoint tensors = Checkpoints.open(folder.resolve("llamagen_t2i_a.safetensors"));
                FullCache cache = new FullCache()) {
            Tensor features = tensors.get("cond_features").toTensor();
            List<Tensor> texts = texts(features, tensors.get("cond_mask").toInts());
            assertEquals(
                    texts.size(),
                    texts.stream().map(text -> text.dim(0)).distinct().count());
            LlamaGenGenerator generator = new LlamaGenGenerator(weights, config, engine, DType.F32);
            float guidance = (float) recorded.get("inputs").get("cfg_scale").asDouble();
            RasterPlan plan =
                    new RasterPlan(config.image(), true, List.of(guidance), List.of(1f), 1, 0, List.of(), false);
            RasterOutcome outcome = generator.generate(
                    generator.ofTexts(texts, true), plan, Collections.nCopies(texts.size(), 0L), cache, null, null);
            assertArrayEquals(tensors.get("tokens").toInts(), outcome.used());
        }
    }

    /** The last tokens of each text are its own, as pads stand on the left. */
    private static List<Tensor> texts(Tensor features, int[] mask) {
        int tokens = features.dim(1);
        int channels = features.dim(2);
        List<Tensor> texts = new ArrayList<>();
        for (int image = 0; image < features.dim(0); image++) {
            int own = Arrays.stream(mask, image * tokens, (image + 1) * tokens).sum();
            int end = (image + 1) * tokens * channels;
            texts.add(Tensor.of(Arrays.copyOfRange(features.data(), end - own * channels, end), own, channels));
        }
        return texts;
    }
}
