package org.headwise.checkpoint;

import java.util.Arrays;
import org.headwise.tensor.DType;

/**
 * A tensor of a pickle: a view of a storage, checked to lie within it.
 *
 * @param offset first element, counted from the beginning of the storage's record
 * @param shape extents
 * @param strides elements from one index to the next, for every axis; 0 repeats
 * @param elements product of the extents
 */
record PickledTensor(PickledStorage storage, DType dtype, long offset, long[] shape, long[] strides, long elements) {
    /** What a view that repeats elements may need when written out. */
    static final long MAX_EXPANDED_BYTES = 64L << 20;

    private static final int MAX_RANK = 64;

    /** Checks a view: {@code offset} counts from the first element of the storage. */
    static PickledTensor of(PickledStorage storage, DType dtype, long offset, long[] shape, long[] strides) {
        if (shape.length != strides.length || shape.length > MAX_RANK) {
            throw refuse(shape, "has " + strides.length + " strides, expected one for every axis, at most " + MAX_RANK);
        }
        long available = storage.elements() * storage.dtype().bytes() / dtype.bytes();
        long elements = 1;
        long last = offset;
        try {
            for (int axis = 0; axis < shape.length; axis++) {
                // An empty axis must not hide an overflow of the others.
                elements = Math.multiplyExact(elements, Math.max(shape[axis], 1));
                last = Math.addExact(last, Math.multiplyExact(Math.max(shape[axis] - 1, 0), strides[axis]));
            }
        } catch (ArithmeticException e) {
            throw refuse(shape, "is larger than any file");
        }
        boolean empty = Arrays.stream(shape).anyMatch(extent -> extent == 0);
        if (!empty && last >= available) {
            throw refuse(
                    shape, "ends at element " + last + " of storage " + storage.key() + ", which has " + available);
        }
        if (elements > available && elements > MAX_EXPANDED_BYTES / dtype.bytes()) {
            throw refuse(
                    shape,
                    "repeats the " + available + " elements of storage " + storage.key() + " to " + elements
                            + ", more than " + MAX_EXPANDED_BYTES + " bytes");
        }
        long first = storage.first() * storage.dtype().bytes() / dtype.bytes();
        return new PickledTensor(storage, dtype, first + offset, shape, strides, empty ? 0 : elements);
    }

    private static MalformedPickle refuse(long[] shape, String problem) {
        String shown = shape.length > MAX_RANK ? "of " + shape.length + " axes" : Arrays.toString(shape);
        return new MalformedPickle("has a tensor " + shown + " that " + problem);
    }

    long bytes() {
        return elements * dtype.bytes();
    }

    /** How many elements of the last axes lie one after another: all of them if the tensor is row-major. */
    long run() {
        long run = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            if (shape[axis] != 1 && strides[axis] != run) {
                return run;
            }
            run *= shape[axis];
        }
        return run;
    }

    boolean contiguous() {
        return elements == 0 || run() == elements;
    }
}
