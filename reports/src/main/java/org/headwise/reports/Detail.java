package org.headwise.reports;

import java.util.List;

/**
 * How much of what could be shown is put into the page, so that it stays small whatever the model's size. The files
 * beside the report always hold everything.
 *
 * @param cellLinks whether every cell of a heat map says its value and leads to its head
 * @param matrices whether every heat map has its own table, layers by heads
 * @param mapNumbers whether every head's scale heat is also there as numbers
 * @param headMaps whether every head has its small scale heat map
 * @param headTables whether the statistics are listed head by head
 * @param imageBytes most bytes of all images together
 */
record Detail(
        boolean cellLinks, boolean matrices, boolean mapNumbers, boolean headMaps, boolean headTables, int imageBytes) {
    static final List<Detail> LEVELS = List.of(
            new Detail(true, true, true, true, true, 700_000),
            new Detail(true, false, true, true, true, 500_000),
            new Detail(true, false, false, true, true, 400_000),
            new Detail(false, false, false, true, true, 400_000),
            new Detail(false, false, false, false, true, 300_000),
            new Detail(false, false, false, false, false, 300_000),
            new Detail(false, false, false, false, false, 0));

    boolean isFull() {
        return equals(LEVELS.getFirst());
    }
}
