package org.headwise.schedules.methods;

import java.util.List;
import java.util.OptionalInt;

/**
 * The capacities that ScaleKV's released code looks up: one row per scale, one number per layer. The row of a scale is
 * the one two further on, which the released files call by the number of the next scale, counted from 1.
 *
 * @param rows empty rows are those that the released code fills with nothing
 * @param base what it takes for a layer that a row has no number for
 */
public record ScaleKvTable(List<List<Integer>> rows, int base) {
    /** Row of the first scale. */
    public static final int FIRST_ROW = 2;
    /** The last scale of the released models, which shares the row of the one before, and clears the latch. */
    public static final int RELEASED_LAST_STEP = 12;

    public ScaleKvTable {
        rows = rows.stream().map(List::copyOf).toList();
    }

    /** What a layer may keep after a step; nothing where the row is empty and the released code would stop. */
    public OptionalInt capacity(int step, int layer) {
        int wanted = step == RELEASED_LAST_STEP ? step + FIRST_ROW - 1 : step + FIRST_ROW;
        int row = Math.min(wanted, rows.size() - 1);
        if (row < 0 || rows.get(row).isEmpty()) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(layer < rows.get(row).size() ? rows.get(row).get(layer) : base);
    }
}
