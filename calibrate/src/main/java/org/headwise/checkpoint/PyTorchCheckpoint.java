package org.headwise.checkpoint;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The weights of an opened PyTorch file. Row-major tensors stay where they lie in the file; views of another order, and
 * big-endian ones, are copied each time they are asked for.
 *
 * @param found the tensors
 * @param storages the records that they lie in, by key
 * @param bigEndian whether the records are big-endian
 */
record PyTorchCheckpoint(
        String origin, StateDict.Found found, Map<String, MemorySegment> storages, boolean bigEndian, Arena arena)
        implements Checkpoint {
    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(found.tensors().keySet());
    }

    @Override
    public Optional<StoredTensor> find(String name) {
        return Optional.ofNullable(found.tensors().get(name)).map(tensor -> stored(name, tensor));
    }

    /** A view need not be copied to know its shape. */
    @Override
    public TensorInfo describe(String name) {
        PickledTensor tensor = found.tensors().get(name);
        return tensor == null
                ? Checkpoint.super.describe(name)
                : new TensorInfo(tensor.dtype(), tensor.shape().clone());
    }

    private StoredTensor stored(String name, PickledTensor tensor) {
        return new StoredTensor(origin, name, tensor.dtype(), tensor.shape().clone(), bytes(tensor));
    }

    private MemorySegment bytes(PickledTensor tensor) {
        MemorySegment record = storages.get(tensor.storage().key());
        int width = tensor.dtype().bytes();
        if (tensor.elements() == 0) {
            return record.asSlice(0, 0);
        }
        if (tensor.contiguous() && (!bigEndian || width == 1)) {
            return record.asSlice(tensor.offset() * width, tensor.bytes());
        }
        return StridedCopy.of(tensor, record, bigEndian);
    }

    /** Short texts, numbers and flags beside the weights, by path. */
    @Override
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(found.texts());
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
