package org.headwise.schedules.conform;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.files.InputRefused;
import tools.jackson.databind.JsonNode;

/** Kind {@code pth}: checkpoint files, good and hostile, each of which is read with the recorded values or refused. */
final class PthCheck implements CaseCheck {
    @Override
    public boolean covers(RecordedCase recorded) {
        return recorded.kind().equals("pth");
    }

    @Override
    public void check(RecordedCase recorded, Workshop workshop, Comparison out) {
        int read = 0;
        int refused = 0;
        for (JsonNode entry : recorded.get("files")) {
            Path marker = Path.of(recorded.get("marker_file").asString(""));
            boolean before = Files.exists(marker);
            Path file = beside(recorded, entry.path("file").asString(""));
            if (judge(recorded, entry, file, out)) {
                read++;
            } else {
                refused++;
            }
            if (!before && Files.exists(marker)) {
                out.fail(file.getFileName() + " was executed: it left its marker file");
            }
        }
        out.note(read + " files read, " + refused + " refused, none executed");
    }

    /** Says whether the file was read. */
    private static boolean judge(RecordedCase recorded, JsonNode entry, Path file, Comparison out) {
        String name = entry.path("file").asString("");
        String expect = entry.path("expect").asString("");
        if (!Files.exists(file)) {
            throw recorded.refuse("lists " + name + ", which is not beside it");
        }
        Checkpoint opened;
        try {
            opened = Checkpoints.open(file);
        } catch (InputRefused e) {
            out.equal(name + " is refused", true, !expect.equals("load"));
            return false;
        }
        try (Checkpoint checkpoint = opened) {
            boolean swapped = bigEndian(file);
            out.equal(name + " is read", true, !expect.equals("refuse") || swapped);
            if (swapped) {
                out.note(name + " is read with its bytes swapped");
            }
            compare(recorded, entry, checkpoint, out);
        }
        return true;
    }

    private static void compare(RecordedCase recorded, JsonNode entry, Checkpoint read, Comparison out) {
        String name = entry.path("file").asString("");
        Set<String> names = new LinkedHashSet<>(read.names());
        if (entry.has("keys")) {
            Set<String> keys = new LinkedHashSet<>();
            entry.get("keys").forEach(key -> keys.add(key.asString("")));
            out.equal("names in " + name, keys, names);
        }
        String other = entry.path("expected").asString(entry.path("equals").asString(""));
        if (other.isEmpty()) {
            return;
        }
        try (Checkpoint expected = Checkpoints.open(beside(recorded, other))) {
            if (!entry.has("keys")) {
                out.equal("names in " + name, Set.copyOf(expected.names()), Set.copyOf(names));
            }
            for (String tensor : names) {
                StoredTensor want = expected.get(tensor);
                StoredTensor got = read.get(tensor);
                out.equal("type of " + tensor + " in " + name, want.dtype(), got.dtype());
                out.close(name + " " + tensor, want.toDoubles(), got.toDoubles(), want.shape(), Tolerance.EXACT);
            }
        }
    }

    /** A reader may refuse big-endian files or swap their bytes; this one swaps. */
    private static boolean bigEndian(Path file) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                if (entry.getName().endsWith("/byteorder")) {
                    return new String(zip.getInputStream(entry).readNBytes(8), StandardCharsets.UTF_8).equals("big");
                }
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    private static Path beside(RecordedCase recorded, String name) {
        Path folder = recorded.manifest().toAbsolutePath().normalize().getParent();
        try {
            Path file = folder.resolve(name).normalize();
            if (!name.isEmpty() && file.startsWith(folder)) {
                return file;
            }
        } catch (InvalidPathException e) {
            // No name of a file, so it is refused below.
        }
        throw recorded.refuse("lists \"" + name + "\", expected a file beside it");
    }
}
