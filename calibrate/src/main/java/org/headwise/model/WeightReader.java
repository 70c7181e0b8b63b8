package org.headwise.model;

import java.lang.foreign.MemorySegment;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.files.InputRefused;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Matrix;

/**
 * Reads the parameters of a model and packs its matrices; a tensor that is missing or of another shape is refused by name.
 *
 * @param storage number format of the packed matrices, or null to leave matrices in the file, which must then stay open
 */
public record WeightReader(Checkpoint file, Engine engine, DType storage) {
    /** The layer {@code name.weight} [outputs, inputs] with {@code name.bias}. */
    public Affine affine(String name, int outputs, int inputs) {
        return new Affine(matrix(name + ".weight", outputs, inputs), floats(name + ".bias", outputs));
    }

    /** Packs a matrix of that shape and lets go of the file's pages. */
    public Matrix matrix(String name, int outputs, int inputs) {
        return matrix(file.get(name).expect(outputs, inputs));
    }

    /** A matrix as it lies in the file, whatever its extents, of which neither may be 0. */
    public StoredTensor table(String name) {
        StoredTensor table = file.get(name);
        if (table.shape().length != 2 || table.elements() == 0) {
            throw new InputRefused(file.origin() + ": tensor " + name + " has " + table.shape().length + " axes and "
                    + table.elements() + " elements, expected a matrix");
        }
        return table;
    }

    /** Rows of a {@link #table}. */
    public int rows(String name) {
        return Math.toIntExact(table(name).shape()[0]);
    }

    /** Packs a matrix and lets go of the file's pages. */
    public Matrix matrix(StoredTensor matrix) {
        Matrix packed = part(matrix, 0, 1);
        release(matrix);
        return packed;
    }

    /** Lets go of the file's pages of a tensor of which all is packed. */
    public void release(StoredTensor tensor) {
        if (storage != null) {
            tensor.release();
        }
    }

    /** Packs one of {@code parts} equal slices of the rows of a matrix; of other types than F32, F16 and BF16 as float32. */
    public Matrix part(StoredTensor matrix, int index, int parts) {
        int rows = Math.toIntExact(matrix.shape()[0] / parts);
        int columns = Math.toIntExact(matrix.shape()[1]);
        DType type = matrix.dtype();
        if (type != DType.F32 && type != DType.F16 && type != DType.BF16) {
            float[] numbers = matrix.toFloats((long) index * rows * columns, Math.multiplyExact(rows, columns));
            return engine.pack(numbers, rows, columns, storage == null ? DType.F32 : storage);
        }
        long bytes = matrix.bytes().byteSize() / parts;
        MemorySegment slice = matrix.bytes().asSlice(index * bytes, bytes);
        if (storage == null && slice.isMapped()) {
            return engine.leave(slice, matrix.dtype(), rows, columns);
        }
        // What had to be copied out of its file to be read would only lie there twice.
        return engine.pack(slice, matrix.dtype(), rows, columns, storage == null ? matrix.dtype() : storage);
    }

    public float[] floats(String name, long... shape) {
        return file.get(name).expect(shape).toFloats();
    }

    /** Extent of one axis of a tensor whose shape says something about the model. */
    public int extent(String name, int axis) {
        long[] shape = file.get(name).shape();
        if (axis >= shape.length) {
            throw new InputRefused(
                    file.origin() + ": tensor " + name + " has " + shape.length + " axes, expected more than " + axis);
        }
        return Math.toIntExact(shape[axis]);
    }
}
