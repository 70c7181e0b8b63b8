package org.headwise.schedules.runtime;

/**
 * Whether a layer has started to cut, as ScaleKV's released code remembers it: from the first time that it holds more
 * than {@code base} tokens until step {@code clearsAfter} is over, also from one image to the next.
 */
public final class ReleasedLatch {
    private final int base;
    private final int clearsAfter;
    private boolean closed;

    public ReleasedLatch(int base, int clearsAfter) {
        this.base = base;
        this.clearsAfter = clearsAfter;
    }

    /** Whether the layer, holding so many tokens, cuts now. */
    public boolean closes(int held) {
        closed |= held > base;
        return closed;
    }

    /** The layer is done with a step. */
    public void after(int step) {
        closed &= step != clearsAfter;
    }

    public boolean closed() {
        return closed;
    }
}
