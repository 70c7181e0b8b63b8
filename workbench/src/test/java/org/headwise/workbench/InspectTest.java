package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.datasets.BundledModels;
import org.headwise.files.Json;
import org.headwise.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class InspectTest {
    private static final String PICKLE = "\u0080\u0002}U\u0001wctorch._utils\n_rebuild_tensor_v2\n("
            + "(U\u0007storagectorch\nFloatStorage\nU\u00010U\u0003cpuK\u0004tQK\u0000K\u0004\u0085K\u0001\u0085"
            + "\u0089ccollections\nOrderedDict\n)RtRs.";

    @Test
    void bundledModelsLackNothing() {
        for (String name : BundledModels.names()) {
            JsonNode json = Json.parse(Run.of("inspect", name, "--json").out(), "stdout");
            assertEquals(name, json.get("family").asString() + "-mini");
            assertEquals(0, json.get("missing_for_generate").size(), json.toString());
            assertTrue(json.get("runs_here").asBoolean());
            String models = Run.of("models", name, "--json").out();
            assertEquals(
                    Json.parse(models, "stdout").get(0).get("fingerprint").asString(),
                    json.get("fingerprint").asString());
        }
        Run run = Run.of("inspect", "infinity-mini");
        assertEquals(0, run.code(), run.err());
        for (String part : new String[] {
            "infinity transformer", "infinity image tokenizer", "t5 text encoder", "missing for calibrate: nothing"
        }) {
            assertTrue(run.out().contains(part), run.out());
        }
    }

    @Test
    void whatIsNoCheckpointIsRefused(@TempDir Path folder) throws Exception {
        Path page = Files.writeString(folder.resolve("model.pth"), "<!DOCTYPE html>");
        Run run = Run.of("inspect", page.toString());
        assertEquals(3, run.code());
        assertTrue(run.err().contains("HTML page"), run.err());
        Run inFolder = Run.of("inspect", folder.toString());
        assertEquals(0, inFolder.code(), inFolder.err());
        assertTrue(inFolder.out().contains("cannot be read: " + page), inFolder.out());
        assertEquals(3, Run.of("inspect", folder.resolve("none").toString()).code());
    }

    @Test
    void verifiesEveryByte(@TempDir Path folder) throws Exception {
        JsonNode whole =
                Json.parse(Run.of("inspect", "janus-mini", "--verify", "--json").out(), "stdout");
        for (JsonNode part : whole.get("verified")) {
            assertTrue(part.get("tensors").asInt() > 0, part.toString());
            assertEquals(0, part.get("damaged").size() + part.get("not_finite").size(), part.toString());
        }
        byte[] record = new byte[1000];
        Path file = folder.resolve("model.pth");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.setMethod(ZipOutputStream.DEFLATED);
            zip.setLevel(0);
            // {'w': a tensor of 4 float32 in storage 0}, as torch.save writes it.
            zip.putNextEntry(new ZipEntry("archive/data.pkl"));
            zip.write(PICKLE.getBytes(StandardCharsets.ISO_8859_1));
            zip.putNextEntry(new ZipEntry("archive/data/0"));
            zip.write(new byte[] {0, 0, -128, 63, 0, 0, -128, 127, 0, 0, -64, 127, 0, 0, -128, -1});
            zip.putNextEntry(new ZipEntry("archive/version"));
            zip.write(record);
        }
        Run odd = Run.of("inspect", file.toString(), "--verify");
        assertEquals(0, odd.code(), odd.err());
        assertTrue(odd.out().contains("3 records as their checksums say, 0 of 1 tensors finite"), odd.out());
        assertTrue(
                odd.out().contains("tensor w is Infinity at [1], and in all 1 NaN and 2 infinities of 4 numbers"),
                odd.out());
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        bytes[text.indexOf("archive/version") + 100] ^= 1;
        Files.write(file, bytes);
        assertEquals(0, Run.of("inspect", file.toString()).code());
        Run damaged = Run.of("inspect", file.toString(), "--verify");
        assertEquals(3, damaged.code());
        assertTrue(
                damaged.out().contains("damaged: " + file + ": record archive/version has the checksum"),
                damaged.out());
        assertTrue(damaged.err().contains("record archive/version has the checksum"), damaged.err());
        JsonNode json = Json.parse(
                Run.of("inspect", file.toString(), "--verify", "--json").out(), "stdout");
        assertEquals(1, json.get("verified").get(0).get("damaged").size());
    }

    /** Files beside a model that cannot be read are no damage, and the damage of such files is named as damage. */
    @Test
    void damageIsToldFromWhatCannotBeRead(@TempDir Path folder) throws Exception {
        Path model = BundledModels.find("janus-mini").orElseThrow();
        for (String name : new String[] {"config.json", "model.safetensors", "tokenizer.json"}) {
            Files.copy(model.resolve(name), folder.resolve(name));
        }
        Path other = folder.resolve("training_args.bin");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(other))) {
            zip.putNextEntry(new ZipEntry("archive/data.pkl"));
            zip.write("\u0080\u0002ctransformers\nTrainingArguments\n)R.".getBytes(StandardCharsets.ISO_8859_1));
        }
        Run whole = Run.of("inspect", folder.toString(), "--verify");
        assertEquals(0, whole.code(), whole.err());
        assertTrue(whole.out().contains("cannot be read: " + other), whole.out());
        assertTrue(
                whole.out().contains("verified: " + other + ", 1 record as its checksum says, cannot be read"),
                whole.out());
        assertFalse(whole.out().contains("damaged"), whole.out());
        Run alone = Run.of("inspect", other.toString(), "--verify");
        assertEquals(3, alone.code());
        assertTrue(alone.err().contains("transformers.TrainingArguments"), alone.err());
        // The checksum that the directory has, as the record itself is deflated.
        byte[] bytes = Files.readAllBytes(other);
        bytes[new String(bytes, StandardCharsets.ISO_8859_1).indexOf("PK\u0001\u0002") + 16] ^= 1;
        Files.write(other, bytes);
        for (Path path : new Path[] {folder, other}) {
            Run damaged = Run.of("inspect", path.toString(), "--verify");
            assertEquals(3, damaged.code());
            assertTrue(damaged.err().contains(other + ": record archive/data.pkl has the checksum"), damaged.err());
            assertTrue(damaged.err().strip().endsWith("; fetch the file again"), damaged.err());
        }
        JsonNode verified = Json.parse(
                        Run.of("inspect", folder.toString(), "--verify", "--json")
                                .out(),
                        "stdout")
                .get("verified");
        assertEquals(0, verified.get(0).get("damaged").size());
        assertEquals(1, verified.get(1).get("damaged").size());
    }

    @Test
    void convertsAndReplacesOnlyWhenTold(@TempDir Path folder) {
        String in = BundledModels.find("infinity-mini")
                .orElseThrow()
                .resolve("vae.safetensors")
                .toString();
        String out = folder.resolve("vae.safetensors").toString();
        Run run = Run.of("convert", in, out, "--dtype", "bf16");
        assertEquals(0, run.code(), run.err());
        try (Checkpoint read = Checkpoints.open(Path.of(out))) {
            assertEquals(DType.BF16, read.get("decoder.conv_in.conv.bias").dtype());
        }
        assertEquals(3, Run.of("convert", in, out).code());
        assertEquals(0, Run.of("convert", in, out, "--force").code());
        assertEquals(3, Run.of("convert", out, out, "--force").code());
        assertEquals(2, Run.of("convert", in, out, "--dtype", "I8").code());
    }
}
