package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.files.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ConformTest {
    private static final Path RECORDED = Path.of("../schedules/src/test/resources/reference/infinity");

    @TempDir
    Path folder;

    @BeforeEach
    void copyTwoCases() throws Exception {
        for (String name : new String[] {"unit_sampler.json", "unit_sampler.safetensors"}) {
            Files.copy(RECORDED.resolve(name), folder.resolve(name));
        }
        Files.writeString(folder.resolve("of_another_kind.json"), "{\"kind\": \"unheard_of\"}");
    }

    @Test
    void aLinePerCaseAndTheSkippedAreCountedWithTheirReason() {
        Run run = Run.of("conform", folder.toString());
        assertEquals(0, run.code(), run.out() + run.err());
        assertEquals(2, run.out().lines().count());
        List<String> lines = run.out().lines().toList();
        assertTrue(lines.getFirst().startsWith("skip  of_another_kind"), run.out());
        assertTrue(lines.getLast().startsWith("ok    unit_sampler"), run.out());
        assertTrue(run.err().contains("1 ok, 0 failed, 1 skipped"), run.err());
        assertTrue(run.err().contains("unheard_of"), run.err());
    }

    @Test
    void aCaseThatIsNotReproducedEndsWithFour() throws Exception {
        Path tensors = folder.resolve("unit_sampler.safetensors");
        byte[] bytes = Files.readAllBytes(tensors);
        long at;
        try (Checkpoint checkpoint = Checkpoints.open(tensors)) {
            String probabilities = checkpoint.names().stream()
                    .filter(name -> name.endsWith(".probs"))
                    .findFirst()
                    .orElseThrow();
            at = checkpoint.get(probabilities).bytes().address()
                    - checkpoint.names().stream()
                            .mapToLong(name -> checkpoint.get(name).bytes().address())
                            .min()
                            .orElseThrow();
        }
        int header = 8
                + (int) java.nio.ByteBuffer.wrap(bytes)
                        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                        .getLong();
        // The exponent of the first recorded probability.
        bytes[header + (int) at + 3] ^= 0x10;
        Files.write(tensors, bytes);
        Run run = Run.of("conform", folder.toString());
        assertEquals(4, run.code(), run.out() + run.err());
        assertTrue(run.out().lines().anyMatch(line -> line.startsWith("FAIL  unit_sampler")), run.out());
    }

    @Test
    void jsonHasTheSameCases() {
        JsonNode json =
                Json.parse(Run.of("conform", folder.toString(), "--json").out(), "stdout");
        assertEquals(2, json.size());
        assertEquals("skip", json.get(0).get("verdict").asString());
        assertEquals("ok", json.get(1).get("verdict").asString());
        assertTrue(json.get(1).get("compared").asLong() > 0);
    }

    @Test
    void aFolderWithoutCasesIsRefused(@TempDir Path empty) {
        assertEquals(3, Run.of("conform", empty.toString()).code());
        assertEquals(3, Run.of("conform", empty.resolve("none").toString()).code());
        assertEquals(2, Run.of("conform").code());
    }
}
