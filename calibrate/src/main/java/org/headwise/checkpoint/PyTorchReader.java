package org.headwise.checkpoint;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.headwise.files.InputRefused;

/**
 * Opens what {@code torch.save} writes: a zip archive of a pickle and one record per storage (since PyTorch 1.6), or the
 * older stream of pickles and storages. The file is mapped read-only. Its pickle is data here and never a program: see
 * {@link TorchUnpickler}. All sizes are checked when the file is opened; tensors are touched only when asked for.
 */
public final class PyTorchReader {
    private PyTorchReader() {}

    /** Opens a file of either format. */
    public static Checkpoint open(Path file) {
        return MappedFile.open(file, PyTorchReader::open);
    }

    /** Reads a file that is already in memory; {@code arena} is closed with the checkpoint. */
    static Checkpoint open(String origin, MemorySegment file, Arena arena) {
        boolean zip = file.byteSize() > 1 && file.get(ValueLayout.JAVA_BYTE, 0) == 'P';
        return zip ? openZip(origin, file, arena) : LegacyStream.open(origin, file, arena);
    }

    private static Checkpoint openZip(String origin, MemorySegment file, Arena arena) {
        ZipRecords records = ZipRecords.open(origin, file, arena);
        boolean bigEndian = bigEndian(origin, records);
        TorchUnpickler.Pickled pickled = TorchUnpickler.read(origin, records.get("data.pkl"), 0);
        Map<String, MemorySegment> storages = new LinkedHashMap<>();
        for (PickledStorage storage : pickled.storages().values()) {
            MemorySegment bytes = records.get("data/" + storage.key());
            if (bytes.byteSize() != storage.bytes()) {
                throw new InputRefused(origin + ": storage " + storage.key() + " has " + bytes.byteSize()
                        + " bytes, but the pickle gives it " + storage.bytes()
                        + "; the file is corrupt, fetch it again");
            }
            storages.put(storage.key(), bytes);
        }
        return new PyTorchCheckpoint(origin, StateDict.in(origin, pickled.value()), storages, bigEndian, arena);
    }

    /** Files without this record are older than it, and little-endian. */
    private static boolean bigEndian(String origin, ZipRecords records) {
        if (!records.has("byteorder")) {
            return false;
        }
        MemorySegment record = records.get("byteorder");
        String order = new String(
                record.asSlice(0, Math.min(record.byteSize(), 16)).toArray(ValueLayout.JAVA_BYTE),
                StandardCharsets.UTF_8);
        return switch (order) {
            case "little" -> false;
            case "big" -> true;
            default ->
                throw new InputRefused(
                        origin + ": the record byteorder is \"" + Names.shown(order) + "\", expected little or big");
        };
    }
}
