package org.headwise.synth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.tensor.DType;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Names and shapes beside those that the original programs saved. */
class LayoutsTest {
    @Test
    void infinityTransformer() throws IOException {
        assertEquals(
                recorded("infinity_a", name -> true), listed(new InfinityLayout(4, 64, 4, 2, 16, 256, 48).tensors()));
    }

    /** Without the quantizer's masks, two copies of the powers of two that nothing reads. */
    @Test
    void infinityTokenizer() throws IOException {
        InfinityVaeLayout vae = new InfinityVaeLayout(16, 16, 24, List.of(1, 2, 1, 1, 1), 1);
        assertEquals(recorded("infinity_vae_a", name -> !name.endsWith("lfq.mask")), listed(vae.tensors()));
    }

    @Test
    void textEncoder() throws IOException {
        assertEquals(recorded("t5_a", name -> true), listed(new T5Layout(3, 48, 5, 8, 96, 160, 32).tensors()));
    }

    @Test
    void imageTokenizerOfJanus() throws IOException {
        assertEquals(
                recorded("janus_vq16", name -> true),
                listed(SyntheticModels.vq16("gen_vision_model.").tensors()));
    }

    /** The recorded file has neither the image encoder nor the text head. */
    @Test
    void janus() throws IOException {
        VqLayout image = new VqLayout("gen_vision_model.", 32, List.of(1, 2), 2, 16, 256, 8);
        Map<String, List<Long>> listed = listed(new JanusLayout(3, 64, 4, 176, 320, image).tensors());
        Map<String, List<Long>> recorded = recorded("janus_a", name -> true);
        listed.keySet()
                .removeIf(name -> name.contains(".encoder.")
                        || name.contains(".quant_conv.")
                        || name.endsWith("codebook_used")
                        || name.contains("lm_head"));
        assertEquals(recorded, listed);
    }

    /** Counts as published: 2 and 8 billion, the sizes of files on the hub, and those of the papers. */
    @Test
    void releasedSizes() {
        long two =
                SyntheticModels.get("infinity-2b", 0, null).parts().getFirst().bytes(DType.F32);
        // infinity_2b_reg.pth has 8,819,295,332 bytes, 4 of them per parameter, and some for names and lookup tables.
        assertTrue(Math.abs(two - 8_819_295_332L) < 1_000_000, two + " bytes");
        long small =
                SyntheticModels.get("infinity-125m", 0, null).parts().getFirst().bytes(DType.F32);
        // infinity_125m_256x256.pth has 501 MB.
        assertTrue(Math.abs(small - 501_000_000L) < 1_000_000, small + " bytes");
        long eight =
                SyntheticModels.get("infinity-8b", 0, null).parts().getFirst().bytes(DType.F32);
        assertTrue(eight > 32_800_000_000L && eight < 35_200_000_000L, eight + " bytes in four files of 8.2 to 8.8 GB");
    }

    @Test
    void unknownNamesAreRefusedWithTheKnownOnes() {
        String message = assertThrows(InputRefused.class, () -> SyntheticModels.get("infinity-3b", 0, null))
                .getMessage();
        SyntheticModels.names().forEach(name -> assertTrue(message.contains(name), message));
        SyntheticModels.names()
                .forEach(name ->
                        assertEquals(name, SyntheticModels.get(name, 1, null).name()));
    }

    private static Map<String, List<Long>> listed(List<SyntheticTensor> tensors) {
        Map<String, List<Long>> listed = new TreeMap<>();
        for (SyntheticTensor tensor : tensors) {
            listed.put(tensor.name(), Arrays.stream(tensor.shape()).boxed().toList());
        }
        assertEquals(tensors.size(), listed.size());
        return listed;
    }

    private static Map<String, List<Long>> recorded(String file, Predicate<String> wanted) throws IOException {
        String resource = "/reference/names/" + file + ".json";
        try (InputStream in = LayoutsTest.class.getResourceAsStream(resource)) {
            JsonNode json = Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), resource);
            Map<String, List<Long>> shapes = new TreeMap<>();
            json.properties().stream()
                    .filter(entry -> wanted.test(entry.getKey()))
                    .forEach(entry -> {
                        List<Long> shape = new ArrayList<>();
                        entry.getValue().forEach(extent -> shape.add(extent.longValue()));
                        shapes.put(entry.getKey(), shape);
                    });
            return shapes;
        }
    }
}
