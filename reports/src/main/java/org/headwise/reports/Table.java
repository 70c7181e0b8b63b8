package org.headwise.reports;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * A plain table: what the report shows and its CSV files hold. Cells are {@link String}, {@link Long}, {@link Double},
 * {@link Spread}, or null for a value that does not exist.
 *
 * @param title what the table holds, one line
 */
public record Table(String title, List<Column> columns, List<List<Object>> rows) {
    /** How a column is shown. CSV files always carry raw numbers: bytes, shares of 1, full precision. */
    public enum Kind {
        TEXT,
        INTEGER,
        REAL,
        SHARE,
        BYTES,
        SPREAD
    }

    /**
     * One column.
     *
     * @param unit for example {@code dB}; empty for none
     * @param decimals decimals shown of {@link Kind#REAL} and {@link Kind#SPREAD}
     */
    public record Column(String name, String unit, Kind kind, int decimals) {
        public static Column text(String name) {
            return new Column(name, "", Kind.TEXT, 0);
        }

        public static Column integer(String name) {
            return new Column(name, "", Kind.INTEGER, 0);
        }

        public static Column real(String name, String unit, int decimals) {
            return new Column(name, unit, Kind.REAL, decimals);
        }

        /** A share of 1, shown in percent. */
        public static Column share(String name) {
            return new Column(name, "", Kind.SHARE, 0);
        }

        public static Column bytes(String name) {
            return new Column(name, "bytes", Kind.BYTES, 0);
        }

        /** Mean and standard deviation; CSV files get two columns, NAME and NAME sd. */
        public static Column spread(String name, String unit, int decimals) {
            return new Column(name, unit, Kind.SPREAD, decimals);
        }
    }

    /** A mean with the standard deviation around it, in the unit of its column. */
    public record Spread(double mean, double sd) {}

    public Table {
        columns = List.copyOf(columns);
        List<List<Object>> kept = new ArrayList<>(rows.size());
        for (List<Object> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(
                        "a row of " + row.size() + " cells in a table of " + columns.size() + " columns: " + title);
            }
            for (int c = 0; c < row.size(); c++) {
                check(columns.get(c), row.get(c));
            }
            kept.add(Collections.unmodifiableList(new ArrayList<>(row)));
        }
        rows = Collections.unmodifiableList(kept);
    }

    /** A row; {@link Integer} cells become {@link Long}. */
    public static List<Object> row(Object... cells) {
        return Arrays.stream(cells)
                .map(cell -> cell instanceof Integer i ? (Object) i.longValue() : cell)
                .collect(ArrayList::new, ArrayList::add, ArrayList::addAll);
    }

    private static void check(Column column, Object cell) {
        boolean fits = cell == null
                || switch (column.kind()) {
                    case TEXT -> cell instanceof String;
                    case INTEGER, BYTES -> cell instanceof Long;
                    case REAL, SHARE -> cell instanceof Double;
                    case SPREAD -> cell instanceof Spread;
                };
        if (!fits) {
            throw new IllegalArgumentException("column " + column.name() + " of " + column.kind() + " cannot hold a "
                    + cell.getClass().getSimpleName());
        }
    }

    /** One cell as people see it, without the unit. */
    String shown(int row, int column) {
        Object cell = rows.get(row).get(column);
        int decimals = columns.get(column).decimals();
        if (cell == null) {
            return "\u2013";
        }
        return switch (columns.get(column).kind()) {
            case TEXT -> (String) cell;
            case INTEGER -> Long.toString((Long) cell);
            case BYTES -> Shown.bytes((Long) cell);
            case SHARE -> Shown.percent((Double) cell);
            case REAL -> Shown.number((Double) cell, decimals);
            case SPREAD -> spread((Spread) cell, decimals);
        };
    }

    /** A heading as people see it: the name, and the unit where the cells do not carry it. */
    String heading(int column) {
        Column c = columns.get(column);
        return c.unit().isEmpty() || c.kind() == Kind.BYTES ? c.name() : c.name() + ", " + c.unit();
    }

    private static String spread(Spread cell, int decimals) {
        String mean = Shown.number(cell.mean(), decimals);
        return Double.isNaN(cell.sd()) ? mean : mean + " \u00b1 " + Shown.number(cell.sd(), decimals);
    }
}
