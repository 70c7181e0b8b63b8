package org.headwise.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.headwise.datasets.BundledModels;
import org.headwise.files.InputRefused;
import org.headwise.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectionTest {
    @Test
    void recognisesAModelFolder() {
        Inspection inspection =
                Inspection.of(BundledModels.find("infinity-mini").orElseThrow());
        assertEquals("infinity", inspection.family());
        assertEquals(List.of(), inspection.missing());
        Inspection.Part transformer = part(inspection, PartKind.INFINITY_TRANSFORMER);
        assertEquals(8, transformer.sizes().get("layers"));
        assertEquals(8, transformer.sizes().get("heads"));
        assertEquals(16, transformer.sizes().get("head_dim"));
        assertEquals(16, transformer.sizes().get("bits"));
        assertEquals("safetensors", transformer.format());
        assertEquals(16, part(inspection, PartKind.INFINITY_TOKENIZER).sizes().get("bits"));
    }

    @Test
    void recognisesRecordedFilesOfEveryFormat() {
        Inspection.Part janus = only("janus/bf16_bin");
        assertEquals("PyTorch zip, 2 shards", janus.format());
        assertEquals(PartKind.JANUS, janus.kind());
        assertEquals(Map.of("layers", 2L, "width", 32L, "vocabulary", 128L), janus.sizes());
        assertEquals(PartKind.T5_ENCODER, only("t5/t5_a_sharded/fp32_bin").kind());
        Inspection.Part gpt = only("llamagen/llamagen_c2i_a.pt");
        assertEquals(PartKind.LLAMAGEN_TRANSFORMER, gpt.kind());
        assertEquals(3, gpt.sizes().get("layers"));
        Inspection.Part odd = only("pth/pth_odd_legacy.pth");
        assertEquals("PyTorch legacy", odd.format());
        assertEquals(22, odd.tensors());
        assertEquals(10, odd.types().size());
        assertEquals(new Inspection.Count(2, 36), odd.types().get(DType.BF16));
        // The bytes of pth_odd_expected.safetensors, which holds the same tensors and nothing else.
        assertEquals(827, odd.bytes());
    }

    @Test
    void saysWhatIsMissingAndWhatCannotBeRead(@TempDir Path folder) throws Exception {
        assertTrue(assertThrows(InputRefused.class, () -> Inspection.of(folder))
                .getMessage()
                .contains("holds no checkpoint"));
        Path model = BundledModels.find("infinity-mini").orElseThrow();
        Files.copy(model.resolve("infinity.safetensors"), folder.resolve("infinity.safetensors"));
        Files.writeString(folder.resolve("vae.pth"), "version https://git-lfs.github.com/spec/v1\n");
        Inspection inspection = Inspection.of(folder);
        assertEquals("infinity", inspection.family());
        assertEquals(1, inspection.refused().size());
        assertEquals(folder.resolve("vae.pth"), inspection.refused().getFirst().file());
        assertTrue(inspection.refused().getFirst().reason().contains("Git LFS pointer"));
        assertEquals(4, inspection.missing().size(), inspection.missing().toString());
        assertTrue(inspection.missing().contains("an image tokenizer"));
    }

    private static Inspection.Part part(Inspection inspection, PartKind kind) {
        return inspection.parts().stream()
                .filter(part -> part.kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    private static Inspection.Part only(String name) {
        try {
            List<Inspection.Part> parts = Inspection.of(Path.of(InspectionTest.class
                            .getResource("/reference/" + name)
                            .toURI()))
                    .parts();
            assertEquals(1, parts.size(), name);
            return parts.getFirst();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
