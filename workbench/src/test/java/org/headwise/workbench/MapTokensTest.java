package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.headwise.analysis.Profile;
import org.headwise.analysis.TokenMaps;
import org.headwise.calibrate.RunFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Maps of chosen tokens from the command line. */
class MapTokensTest {
    @TempDir
    Path folder;

    private Run calibrate(String model, Path out, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "calibrate", model, "--prompts", "scenes-calibration", "--limit", "1", "--out", out.toString()));
        words.addAll(List.of(more));
        return Run.of(words.toArray(String[]::new));
    }

    @Test
    void theChosenTokensAreThoseOfTheProfileAndAnotherChoiceIsAnotherRun() {
        Path out = folder.resolve("run");
        Run first = calibrate("janus-mini", out, "--observe", "token-maps", "--map-tokens", "8:12,4:4");
        assertEquals(0, first.code(), first.err());
        Profile profile = Profile.of(RunFolder.open(out));
        TokenMaps maps = profile.statistic(TokenMaps.class);
        assertEquals(List.of(4 * 16 + 4, 8 * 16 + 12), maps.tokens().tokens());
        assertEquals("4:4,8:12", profile.provenance().settings().get("map tokens"));

        Run same = calibrate("janus-mini", out, "--observe", "token-maps", "--map-tokens", "4:4,8:12");
        assertEquals(0, same.code(), same.err());
        Run other = calibrate("janus-mini", out, "--observe", "token-maps");
        assertEquals(3, other.code());
        assertTrue(other.err().contains("other settings") && other.err().contains("map tokens"), other.err());

        Run analyzed = Run.of("analyze", out.toString());
        assertEquals(0, analyzed.code(), analyzed.err());
    }

    @ParameterizedTest
    @CsvSource({
        "janus-mini, token-maps, 16:0, 'token 16:0 lies outside the image of 16 rows and 16 columns'",
        "janus-mini, token-maps, 15:15, 'token 15:15 is the last of the image and never read'",
        "janus-mini, token-maps, centre, '\"centre\" is no token of the image; expected ROW:COLUMN'",
        "janus-mini, token-maps, '', '--map-tokens names no token; name some as ROW:COLUMN, or leave it out'",
        "janus-mini, recency, 4:4, '--map-tokens needs the statistic token-maps, but --observe names only recency'",
        "infinity-mini, sinks, 4:4, '--map-tokens chooses tokens of a raster, but infinity'"
    })
    void whatCannotBeIsRefusedBeforeAnythingIsWritten(String model, String observed, String tokens, String said) {
        Path out = folder.resolve("refused");
        Run refused = calibrate(model, out, "--observe", observed, "--map-tokens", tokens);
        assertEquals(3, refused.code(), refused.err());
        assertTrue(refused.err().contains(said), refused.err());
        assertEquals(1, refused.err().strip().lines().count(), refused.err());
        assertFalse(Files.exists(out));
    }

    @Test
    void aDamagedChoiceIsRefusedWithItsFolder() throws Exception {
        Path out = folder.resolve("run");
        Run first = calibrate("janus-mini", out, "--observe", "token-maps", "--map-tokens", "4:4");
        assertEquals(0, first.code(), first.err());
        Path json = out.resolve("run.json");
        Files.writeString(json, Files.readString(json).replace("4:4", "4:99"));
        Run refused = Run.of("analyze", out.toString());
        assertEquals(3, refused.code(), refused.err());
        assertTrue(refused.err().contains(out.toString()), refused.err());
    }
}
