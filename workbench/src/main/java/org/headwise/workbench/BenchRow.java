package org.headwise.workbench;

import java.util.List;
import org.headwise.workbench.TextTable.Column;

/**
 * One measurement beside what it is compared with.
 *
 * @param measured what was measured, for example {@code gemm 512 x 512 x 512}
 * @param value the measurement
 * @param against what it is compared with; null for nothing
 * @param other the same measurement of that; NaN if it could not be made
 * @param ratio value over other
 */
record BenchRow(String measured, double value, String unit, String against, double other, double ratio) {
    static TextTable table(List<BenchRow> rows) {
        TextTable table = new TextTable(
                Column.of("measured", "measured"),
                new Column("value", "headwise", "%.4g"),
                Column.of("unit", "unit"),
                Column.of("against", "beside"),
                new Column("other", "", "%.4g"),
                new Column("ratio", "ratio", "%.3f"));
        rows.forEach(row -> table.row(row.measured, row.value, row.unit, row.against, row.other, row.ratio));
        return table;
    }
}
