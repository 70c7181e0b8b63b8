package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.headwise.synth.SyntheticModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SynthTest {
    @Test
    void refusesWhatItCannotMake(@TempDir Path folder) throws Exception {
        String out = folder.resolve("out").toString();
        Run unknown = Run.of("synth", "infinity-9b", out);
        assertEquals(3, unknown.code());
        assertTrue(unknown.err().contains("infinity-8b, janus-pro-1b"), unknown.err());
        Run resolution = Run.of("synth", "infinity-2b", out, "--resolution", "2M");
        assertEquals(3, resolution.code());
        assertTrue(resolution.err().contains("0.06M"), resolution.err());
        assertEquals(3, Run.of("synth", "vq-16", out, "--resolution", "1M").code());
        Files.createDirectories(folder.resolve("out/used"));
        Run used = Run.of("synth", "infinity-8b", out);
        assertEquals(3, used.code());
        assertTrue(used.err().contains("not empty"), used.err());
        assertEquals(2, Run.of("synth", "vq-16", out, "--dtype", "I8").code());
    }

    @Test
    void helpListsEveryName() {
        String help = Run.of("synth", "--help").out();
        SyntheticModels.names().forEach(name -> assertTrue(help.contains(name), name));
    }
}
