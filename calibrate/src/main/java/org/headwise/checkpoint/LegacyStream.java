package org.headwise.checkpoint;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.headwise.files.InputRefused;

/**
 * What {@code torch.save} wrote before PyTorch 1.6: pickles of a magic number, the protocol, facts about the machine, the
 * object and the list of storage keys; then for every key the number of elements (int64) and the elements. All of it is
 * little-endian whatever the machine: PyTorch converted on writing.
 */
final class LegacyStream {
    private static final Object MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final Object PROTOCOL = 1001;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String origin;
    private final MemorySegment file;
    private long at;

    private LegacyStream(String origin, MemorySegment file) {
        this.origin = origin;
        this.file = file;
    }

    static Checkpoint open(String origin, MemorySegment file, Arena arena) {
        LegacyStream stream = new LegacyStream(origin, file);
        if (!MAGIC.equals(stream.next().value())) {
            throw new InputRefused(origin
                    + ": this is a Python pickle, but none that PyTorch wrote; save the weights with torch.save");
        }
        Object protocol = stream.next().value();
        if (!PROTOCOL.equals(protocol)) {
            throw new InputRefused(origin + ": the format has version "
                    + Names.shown(protocol instanceof Number ? protocol.toString() : "unknown") + ", expected "
                    + PROTOCOL);
        }
        stream.next();
        TorchUnpickler.Pickled object = stream.next();
        Map<String, MemorySegment> storages =
                stream.storages(object.storages(), stream.next().value());
        return new PyTorchCheckpoint(origin, StateDict.in(origin, object.value()), storages, false, arena);
    }

    private TorchUnpickler.Pickled next() {
        TorchUnpickler.Pickled pickled = TorchUnpickler.read(origin, file, at);
        at += pickled.bytes();
        return pickled;
    }

    private Map<String, MemorySegment> storages(Map<String, PickledStorage> described, Object keys) {
        if (!(keys instanceof List<?> list)) {
            throw refuse("there is no list of storages after the object");
        }
        Map<String, MemorySegment> found = new LinkedHashMap<>();
        for (Object key : list) {
            PickledStorage storage = key instanceof String name ? described.get(name) : null;
            if (storage == null || found.containsKey(storage.key())) {
                throw refuse("its list of storages has a key that no tensor refers to, or one twice");
            }
            if (file.byteSize() - at < 8 || storage.bytes() > file.byteSize() - at - 8) {
                throw refuse("storage " + storage.key() + " of " + storage.bytes()
                        + " bytes ends beyond the end of the file");
            }
            long elements = file.get(LONG, at);
            if (elements != storage.whole()) {
                throw refuse("storage " + storage.key() + " has " + elements + " elements, but the pickle gives it "
                        + storage.whole());
            }
            found.put(storage.key(), file.asSlice(at + 8, storage.bytes()));
            at += 8 + storage.bytes();
        }
        if (found.size() != described.size()) {
            throw refuse("it holds " + found.size() + " storages, but its tensors lie in " + described.size());
        }
        return found;
    }

    private InputRefused refuse(String problem) {
        return new InputRefused(origin + ": the file is corrupt or cut short, " + problem + "; fetch it again");
    }
}
