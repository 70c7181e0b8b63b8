package org.headwise.tensor;

/** Reusable float arrays of one thread: they grow to the largest size asked for and are never cleared. */
public final class Scratch {
    private final float[][] slots = new float[8][0];

    Scratch() {}

    /** An array of at least {@code size} numbers with whatever was left in it; the same one until it must grow. */
    public float[] floats(int slot, int size) {
        if (slots[slot].length < size) {
            long roomy = size + (long) size / 4;
            slots[slot] = new float[(int) Math.min(roomy, Integer.MAX_VALUE - 16)];
        }
        return slots[slot];
    }
}
