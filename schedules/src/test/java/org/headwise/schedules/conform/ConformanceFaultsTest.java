package org.headwise.schedules.conform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.checkpoint.SafetensorsWriter;
import org.headwise.checkpoint.SafetensorsWriter.Entry;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.schedules.conform.CaseResult.Verdict;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** What a run says of cases that are wrong, broken or unknown: a line for each, and never an exception. */
class ConformanceFaultsTest {
    @TempDir
    Path folder;

    @Test
    void aWrongNumberIsFoundAndNamed() throws IOException {
        copy("unit_interp", tensors -> {
            float[] values = tensors.floats("p2.area");
            values[5] += 1e-3f;
            tensors.put("p2.area", values);
        });
        CaseResult result = only();
        assertEquals(Verdict.FAIL, result.verdict(), result.line());
        assertTrue(result.where().startsWith("p2.area[0, 0, 0, 0, 5]"), result.line());
        assertEquals(1e-3, result.worst(), 1e-4);
    }

    @Test
    void aBitThatFlipsWithoutNeedIsAFailure() throws IOException {
        Files.copy(reference("inf_a.safetensors"), folder.resolve("inf_a.safetensors"));
        copy("ar_a_nocfg", tensors -> tensors.flip("scale2.bits", 7));
        CaseResult result = only();
        assertEquals(Verdict.FAIL, result.verdict(), result.line());
        assertTrue(result.reason().contains("scale2.bits: 1 of 256 bits differ"), result.line());
        // Scale 3 was recorded after other bits than those that are now said to precede it.
        assertTrue(result.reason().contains("scale3.logits"), result.line());
    }

    /** The recorded bit is made the wrong one, but so near that rounding may decide: what follows is then judged by it. */
    @Test
    void aFlipThatRoundingExplainsIsFollowed() throws IOException {
        Files.copy(reference("inf_a.safetensors"), folder.resolve("inf_a.safetensors"));
        copy("ar_a_nocfg", tensors -> {
            int last = tensors.floats("scale6.logits").length / 2 - 1;
            float[] logits = tensors.floats("scale6.logits");
            logits[2 * last] = logits[2 * last + 1];
            tensors.put("scale6.logits", logits);
            tensors.flip("scale6.bits", last);
        });
        CaseResult result = only();
        // The doctored logit itself is out of tolerance, the flip is not held against the model.
        assertEquals(Verdict.FAIL, result.verdict(), result.line());
        assertTrue(result.reason().contains("scale6.logits: 1 of 8192 numbers differ"), result.line());
        assertFalse(result.reason().contains("clearly apart"), result.line());
        assertTrue(result.reason().contains("summed_codes"), result.line());
    }

    @Test
    void brokenCasesAreFailuresWithAReason() throws IOException {
        write("no_kind.json", "{\"id\": \"a\"}");
        Files.copy(reference("unit_interp.safetensors"), folder.resolve("no_kind.safetensors"));
        write("cut.json", "{\"kind\": \"uni");
        Files.copy(reference("unit_interp.safetensors"), folder.resolve("cut.safetensors"));
        write("no_tensors.json", "{\"kind\": \"t5_encoder\", \"file\": \"nowhere.safetensors\"}");
        write("no_model.json", "{\"kind\": \"ar\", \"scale_schedule\": [[1,1,1]], \"model\": \"gone.safetensors\"}");
        write("outside.json", "{\"kind\": \"ar\", \"scale_schedule\": [[1,1,1]], \"model\": \"../../etc/passwd\"}");
        write("grid.json", "{\"kind\": \"ar\", \"scale_schedule\": [[1,1]], \"model\": \"m.safetensors\"}");
        write(
                "huge.json",
                "{\"kind\": \"heat_budget\", \"schedule\": [[1,2000000000,2000000000]], \"strict\": [{\"layers\":1,"
                        + "\"heads\":1,\"budget\":0.5,\"source_scale_start\":0,\"orders\":[]}]}");
        write("empty.json", "{\"kind\": \"heat_budget\", \"schedule\": [[1,1,1]]}");
        write("list.json", "{\"kind\": \"mask\", \"scale_schedule\": 7, \"model\": []}");
        write("index.json", "{\"cases\": [{\"id\": \"gone\", \"kind\": \"ar\", \"manifest\": \"gone.json\"}]}");
        Map<String, CaseResult> results = run();
        assertEquals(10, results.size(), results.keySet().toString());
        results.values().forEach(result -> {
            assertEquals(Verdict.FAIL, result.verdict(), result.line());
            assertFalse(result.reason().isEmpty(), result.line());
            assertFalse(result.line().contains("\n"), result.line());
        });
        assertTrue(results.get("gone").reason().contains("no such file"));
        assertTrue(results.get("a").reason().contains("names no kind"));
        assertTrue(results.get("outside").reason().contains("beside the manifest"));
        assertTrue(results.get("empty").reason().contains("nothing to compare"));
    }

    @Test
    void aTokenThatScaleKvKeptInsteadOfABetterOneIsFound() throws IOException {
        copy("unit_scalekv", tensors -> tensors.moveToken("evict_k1.0.kept"));
        CaseResult result = only();
        assertEquals(Verdict.FAIL, result.verdict(), result.line());
        assertTrue(result.reason().contains("evict_k1.0.kept of unit 0"), result.line());
        Files.delete(folder.resolve("unit_scalekv.json"));
        Files.copy(reference("inf_a.safetensors"), folder.resolve("inf_a.safetensors"));
        copy("scalekv_a_maxpool", tensors -> tensors.moveToken("kept.s5.l2"));
        result = only();
        assertEquals(Verdict.FAIL, result.verdict(), result.line());
        assertTrue(result.reason().contains("kept.s5.l2 of row 0, head 0"), result.line());
    }

    @Test
    void everyTensorThatIsTakenAwayIsNamed() throws IOException {
        List<String> names;
        try (Checkpoint all = Checkpoints.open(reference("unit_text_head.safetensors"))) {
            names = all.names().stream()
                    .filter(n -> !n.equals("text.cu_seqlens"))
                    .toList();
        }
        Files.copy(reference("inf_a.safetensors"), folder.resolve("inf_a.safetensors"));
        for (String gone : names) {
            copy("unit_text_head", tensors -> tensors.entries.remove(gone));
            CaseResult result = only();
            boolean optional =
                    List.of("text_normed", "text_ca", "gss", "head.x").contains(gone);
            assertEquals(optional ? Verdict.OK : result.verdict(), result.verdict(), gone + ": " + result.line());
            assertTrue(optional || result.verdict() != Verdict.OK, gone + ": " + result.line());
        }
    }

    @Test
    void kindsOfOtherVersionsAreSkipped() throws IOException {
        write("a.json", "{\"kind\": \"of_tomorrow\", \"tensor_file\": \"gone.safetensors\"}");
        write("b.json", "{\"kind\": \"of_another_day\", \"files\": []}");
        write("c.json", "{\"kind\": \"something_else\"}");
        write("d.json", "{\"kind\": \"unit\"}");
        write("config.json", "{\"depth\": 4}");
        Map<String, CaseResult> results = run();
        assertEquals(4, results.size(), results.keySet().toString());
        results.values().forEach(result -> assertEquals(Verdict.SKIP, result.verdict(), result.line()));
        assertTrue(results.get("a").reason().contains("of_tomorrow"));
        assertTrue(results.get("c").line().startsWith("skip  c (something_else)"));
    }

    @Test
    void checkpointFilesAreJudgedByTheirList() throws IOException {
        for (String name :
                List.of("pth_odd.pth", "pth_odd_expected.safetensors", "pth_handmade_ok.pth", "bad_no_stop.pth")) {
            Files.copy(reference(name), folder.resolve(name));
        }
        Map<String, String> reasons = new LinkedHashMap<>();
        reasons.put("{\"file\": \"bad_no_stop.pth\", \"expect\": \"load\"}", "bad_no_stop.pth is refused is false");
        reasons.put("{\"file\": \"pth_odd.pth\", \"expect\": \"refuse\"}", "pth_odd.pth is read is false");
        reasons.put("{\"file\": \"gone.pth\", \"expect\": \"refuse\"}", "gone.pth, which is not beside it");
        reasons.put("{\"file\": \"../x.pth\", \"expect\": \"refuse\"}", "expected a file beside it");
        reasons.put(
                "{\"file\": \"pth_handmade_ok.pth\", \"expect\": \"load\", \"expected\": \"pth_odd_expected.safetensors\"}",
                "there is no tensor w");
        SafetensorsWriter.write(
                folder.resolve("wrong.safetensors"), Map.of("w", Entry.f32(new float[] {2, 3, 5}, 3)), Map.of());
        reasons.put(
                "{\"file\": \"pth_handmade_ok.pth\", \"expect\": \"load\", \"equals\": \"wrong.safetensors\"}",
                "1 of 3 numbers differ");
        reasons.put("{\"file\": \"pth_odd.pth\", \"expect\": \"load\", \"keys\": [\"f32\"]}", "names in pth_odd.pth");
        for (Map.Entry<String, String> reason : reasons.entrySet()) {
            write("p.json", "{\"kind\": \"pth\", \"marker_file\": \"marker\", \"files\": [" + reason.getKey() + "]}");
            CaseResult result = run().get("p");
            assertEquals(Verdict.FAIL, result.verdict(), result.line());
            assertTrue(result.reason().contains(reason.getValue()), result.line());
        }
    }

    @Test
    void aBrokenIndexIsAFailureAndTheCasesAreStillRun() throws IOException {
        write("index.json", "{\"cases\": [");
        copy("unit_interp", tensors -> {});
        Map<String, CaseResult> results = run();
        assertEquals(Verdict.FAIL, results.get("index.json").verdict());
        assertEquals(Verdict.OK, results.get("unit_interp").verdict());
    }

    @Test
    void foldersWithoutCasesAreRefused() throws IOException {
        assertThrows(InputRefused.class, this::run);
        write("config.json", "{\"depth\": 4}");
        assertThrows(InputRefused.class, this::run);
        Path nowhere = folder.resolve("nowhere");
        try (Engine engine = Engine.scalar(1)) {
            assertThrows(InputRefused.class, () -> Conformance.run(List.of(nowhere), engine, result -> {}));
        }
    }

    /** The tensors of a case, to be doctored. */
    private static final class Tensors {
        private final Map<String, Entry> entries = new LinkedHashMap<>();
        private final Map<String, StoredTensor> stored = new LinkedHashMap<>();

        float[] floats(String name) {
            return stored.get(name).toFloats();
        }

        void put(String name, float[] values) {
            entries.put(name, Entry.f32(values, stored.get(name).shape()));
        }

        /** Keeps, instead of the first token kept that has a gap before it, the token in that gap. */
        void moveToken(String name) {
            int[] tokens = stored.get(name).toInts();
            for (int i = 1; i < tokens.length; i++) {
                if (tokens[i] > tokens[i - 1] + 1) {
                    tokens[i]--;
                    entries.put(name, Entry.i32(tokens, stored.get(name).shape()));
                    return;
                }
            }
            throw new IllegalStateException(name + " has no gap");
        }

        void flip(String name, int at) {
            int[] bits = stored.get(name).toInts();
            byte[] bytes = new byte[bits.length];
            for (int i = 0; i < bits.length; i++) {
                bytes[i] = (byte) (i == at ? 1 - bits[i] : bits[i]);
            }
            entries.put(name, Entry.u8(bytes, stored.get(name).shape()));
        }
    }

    private void copy(String id, Consumer<Tensors> change) throws IOException {
        ObjectNode manifest = (ObjectNode) Json.read(reference(id + ".json"));
        Tensors tensors = new Tensors();
        try (Checkpoint recorded = Checkpoints.open(reference(id + ".safetensors"))) {
            for (String name : recorded.names()) {
                StoredTensor tensor = recorded.get(name);
                tensors.stored.put(name, tensor);
                tensors.entries.put(
                        name,
                        tensor.dtype() == DType.F32
                                ? Entry.f32(tensor.toFloats(), tensor.shape())
                                : Entry.i32(tensor.toInts(), tensor.shape()));
            }
            change.accept(tensors);
            SafetensorsWriter.write(folder.resolve(id + ".safetensors"), tensors.entries, Map.of());
        }
        write(id + ".json", Json.pretty(manifest));
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private CaseResult only() {
        Map<String, CaseResult> results = run();
        assertEquals(1, results.size(), results.keySet().toString());
        return results.values().iterator().next();
    }

    private Map<String, CaseResult> run() {
        List<CaseResult> heard = new ArrayList<>();
        try (Engine engine = Engine.vector(2)) {
            List<CaseResult> results = Conformance.run(List.of(folder), engine, heard::add);
            assertEquals(results, heard);
        }
        Map<String, CaseResult> byId = new LinkedHashMap<>();
        heard.forEach(result -> byId.put(result.id(), result));
        return byId;
    }

    private static Path reference(String name) {
        try {
            return Path.of(ConformanceFaultsTest.class
                    .getResource("/reference/infinity/" + name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
