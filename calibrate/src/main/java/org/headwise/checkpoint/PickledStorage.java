package org.headwise.checkpoint;

import org.headwise.tensor.DType;

/**
 * The memory of one or several tensors, as the pickle describes it: {@code ('storage', type, key, location, elements)},
 * in the legacy format with a sixth entry for a part of a storage.
 *
 * @param key names its record in the file
 * @param dtype type of its elements; U8 for an untyped storage, which is measured in bytes
 * @param whole elements in the record
 * @param first the first of these that belongs to it
 * @param elements how many belong to it
 */
record PickledStorage(String key, DType dtype, long whole, long first, long elements) {
    private static final int MAX_KEY = 64;

    /** Bytes of the whole record. */
    long bytes() {
        return whole * dtype.bytes();
    }

    /** Reads a persistent id. The location, such as {@code cuda:3}, says where the tensor once lived and is ignored. */
    static PickledStorage of(Object id) {
        if (!(id instanceof Object[] list)
                || list.length < 5
                || list.length > 6
                || !"storage".equals(list[0])
                || !(list[1] instanceof TorchTypes.Storage type)
                || !(list[2] instanceof String key)) {
            throw new MalformedPickle("refers to something outside it that is no storage of a tensor");
        }
        if (key.isEmpty() || key.length() > MAX_KEY || !key.chars().allMatch(PickledStorage::plain)) {
            throw new MalformedPickle("names the storage \"" + key + "\", expected letters and digits only");
        }
        long whole = TorchTypes.size(list[4], "elements of storage " + key);
        if (whole > Long.MAX_VALUE / 8) {
            throw new MalformedPickle("gives storage " + key + " " + whole + " elements, more than a file can hold");
        }
        Object part = list.length == 6 ? list[5] : null;
        if (part == null) {
            return new PickledStorage(key, type.dtype(), whole, 0, whole);
        }
        if (!(part instanceof Object[] view) || view.length != 3) {
            throw new MalformedPickle(
                    "describes a part of storage " + key + " by something that is no offset and size");
        }
        long first = TorchTypes.size(view[1], "offset in storage " + key);
        long elements = TorchTypes.size(view[2], "size of a part of storage " + key);
        if (first > whole || elements > whole - first) {
            throw new MalformedPickle("has a part of storage " + key + " that ends beyond its " + whole + " elements");
        }
        return new PickledStorage(key, type.dtype(), whole, first, elements);
    }

    private static boolean plain(int c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '-';
    }
}
