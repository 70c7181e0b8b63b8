package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.headwise.files.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackendTest {
    private static final String CASES = "../schedules/src/test/resources/reference/infinity";

    @TempDir
    Path folder;

    private BufferedImage drawn(String backend) throws Exception {
        Path out = folder.resolve(backend);
        Run run = Run.of(
                "generate",
                "--prompt",
                "a large red circle in the center on a white background",
                "--seed",
                "3",
                "--backend",
                backend,
                "--out",
                out.toString());
        assertEquals(0, run.code(), run.err());
        String model = Json.read(out.resolve("images.json")).get("model").asString();
        assertEquals(backend.equals("vector") ? "infinity-mini" : "infinity-mini by " + backend, model);
        return ImageIO.read(out.resolve("00001.png").toFile());
    }

    @Test
    void nd4jDrawsTheSamePicture() throws Exception {
        BufferedImage expected = drawn("vector");
        BufferedImage actual = drawn("nd4j");
        for (int y = 0; y < expected.getHeight(); y++) {
            for (int x = 0; x < expected.getWidth(); x++) {
                for (int shift = 0; shift < 24; shift += 8) {
                    int difference = (expected.getRGB(x, y) >> shift & 255) - (actual.getRGB(x, y) >> shift & 255);
                    assertTrue(Math.abs(difference) <= 2, "pixel " + x + ", " + y + " differs by " + difference);
                }
            }
        }
    }

    @Test
    void nd4jConforms() {
        Run run = Run.of("conform", "--backend", "nd4j", CASES + "/ar_a_cfg3.json", CASES + "/unit_vae_a.json");
        assertEquals(0, run.code(), run.out() + run.err());
        assertTrue(run.err().contains("2 ok"), run.err());
    }

    @Test
    void cudaWithoutADriverIsRefused() {
        assumeTrue(CudaDriver.ask().obstacle().isPresent(), "this machine has a card");
        Run run = Run.of("conform", "--backend", "cuda", CASES + "/unit_vae_a.json");
        assertEquals(3, run.code());
        assertTrue(run.err().startsWith("headwise: --backend cuda: "), run.err());
    }

    @Test
    void unknownBackendsAreUsageErrors() {
        assertEquals(2, Run.of("conform", "--backend", "tpu", CASES).code());
    }
}
