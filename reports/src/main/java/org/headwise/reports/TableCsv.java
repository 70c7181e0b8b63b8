package org.headwise.reports;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Writes a {@link Table} as CSV: RFC 4180 with line feeds. A text cell that a spreadsheet would take for a formula (it
 * starts with {@code = + - @}, a tab or a line break) gets an apostrophe in front.
 */
final class TableCsv {
    private TableCsv() {}

    /** Comma-separated values with a header line; numbers raw and in full precision. */
    static String of(Table table) {
        StringBuilder out = new StringBuilder();
        List<String> header = new ArrayList<>();
        for (Table.Column column : table.columns()) {
            names(column).forEach(name -> header.add(csvText(name)));
        }
        out.append(String.join(",", header)).append('\n');
        for (List<Object> row : table.rows()) {
            List<String> cells = new ArrayList<>();
            for (int c = 0; c < row.size(); c++) {
                for (Object value : values(table.columns().get(c), row.get(c))) {
                    cells.add(csvCell(value));
                }
            }
            out.append(String.join(",", cells)).append('\n');
        }
        return out.toString();
    }

    private static List<String> names(Table.Column column) {
        String unit = column.unit().isEmpty() ? "" : " [" + column.unit() + "]";
        String name = column.name() + unit;
        return column.kind() == Table.Kind.SPREAD ? List.of(name, column.name() + " sd" + unit) : List.of(name);
    }

    private static List<Object> values(Table.Column column, Object cell) {
        if (column.kind() != Table.Kind.SPREAD) {
            return Collections.singletonList(cell);
        }
        List<Object> both = new ArrayList<>();
        both.add(cell == null ? null : ((Table.Spread) cell).mean());
        both.add(cell == null ? null : ((Table.Spread) cell).sd());
        return both;
    }

    private static String csvCell(Object value) {
        return switch (value) {
            case null -> "";
            case Double number when number.isNaN() -> "";
            case Long number -> number.toString();
            case Double number -> number.toString();
            default -> csvText(value.toString());
        };
    }

    private static String csvText(String text) {
        String clean = text.replace('\0', '\uFFFD');
        boolean formula = !clean.isEmpty() && "=+-@\t\r\n".indexOf(clean.charAt(0)) >= 0;
        if (formula) {
            clean = "'" + clean;
        }
        boolean quoted = formula || clean.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return quoted ? "\"" + clean.replace("\"", "\"\"") + "\"" : clean;
    }
}
