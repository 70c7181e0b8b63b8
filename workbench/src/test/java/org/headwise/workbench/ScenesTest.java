package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.headwise.datasets.PromptSet;
import org.headwise.datasets.scenes.Scene;
import org.headwise.datasets.scenes.SceneRenderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScenesTest {
    @Test
    void captionsGoToStandardOutputAndNothingElseDoes() {
        Run run = Run.of("scenes", "--count", "5");
        assertEquals(0, run.code(), run.err());
        assertEquals("", run.err());
        List<String> captions = run.out().lines().toList();
        assertEquals(5, captions.size());
        captions.forEach(caption -> assertEquals(caption, Scene.parse(caption).caption()));
        assertEquals(run.out(), Run.of("scenes", "--count", "5", "--seed", "1").out());
        assertNotEquals(
                run.out(), Run.of("scenes", "--count", "5", "--seed", "2").out());
    }

    @Test
    void aFolderGetsThePicturesOfItsCaptions(@TempDir Path folder) throws Exception {
        Path out = folder.resolve("some scenes");
        Run run = Run.of("scenes", "--prompts", "scenes-evaluation", "--count", "3", "--out", out.toString());
        assertEquals(0, run.code(), run.err());
        assertEquals("", run.out());
        List<String> captions = Files.readAllLines(out.resolve("captions.txt"));
        assertEquals(PromptSet.load("scenes-evaluation").limit(3).prompts(), captions);
        for (int i = 0; i < 3; i++) {
            BufferedImage image =
                    ImageIO.read(out.resolve("0000" + (i + 1) + ".png").toFile());
            byte[] expected = SceneRenderer.render(Scene.parse(captions.get(i))).rgb();
            byte[] found = new byte[expected.length];
            for (int p = 0; p < 32 * 32; p++) {
                int rgb = image.getRGB(p % 32, p / 32);
                for (int c = 0; c < 3; c++) {
                    found[p * 3 + c] = (byte) (rgb >> 16 - 8 * c);
                }
            }
            assertArrayEquals(expected, found);
        }
    }

    @Test
    void whatIsThereIsReplacedOnlyByForce(@TempDir Path folder) {
        String out = folder.toString();
        assertEquals(0, Run.of("scenes", "--count", "1", "--out", out).code());
        Run again = Run.of("scenes", "--count", "2", "--out", out);
        assertEquals(3, again.code());
        assertTrue(again.err().contains("--force"), again.err());
        assertFalse(Files.exists(folder.resolve("00002.png")));
        assertEquals(
                0, Run.of("scenes", "--count", "2", "--out", out, "--force").code());
        assertTrue(Files.exists(folder.resolve("00002.png")));
    }

    @Test
    void aCaptionOutsideTheGrammarIsRefusedBeforeAnythingIsWritten(@TempDir Path folder) throws Exception {
        Path prompts = Files.writeString(folder.resolve("p.txt"), "a large red circle on the moon\n");
        Path out = folder.resolve("out");
        Run run = Run.of("scenes", "--prompts", prompts.toString(), "--out", out.toString());
        assertEquals(3, run.code());
        assertTrue(run.err().contains("a large red circle on the moon"), run.err());
        assertFalse(Files.exists(out));
    }

    @Test
    void seedAndPromptsExcludeEachOther() {
        assertEquals(
                2,
                Run.of("scenes", "--seed", "1", "--prompts", "scenes-evaluation")
                        .code());
        assertEquals(2, Run.of("scenes", "--count", "0").code());
    }
}
