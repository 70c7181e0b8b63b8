package org.headwise.memory;

import java.util.List;

/** A run would not fit into memory, and was not begun. */
public final class NoRoom extends RuntimeException {
    private static final long serialVersionUID = 1;

    public NoRoom(String what, List<String> reasons) {
        super(what + " does not fit: " + String.join("; ", reasons));
    }
}
