package org.headwise.reports;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.headwise.files.Json;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a {@link Table} as terminal text, Markdown, CSV or JSON. CSV is RFC 4180 with line feeds; a text cell that a
 * spreadsheet would take for a formula (it starts with {@code = + - @}, a tab or a line break) gets an apostrophe in
 * front. In JSON a value that does not exist is null and an infinite one the text {@code "Infinity"}.
 */
public final class Tables {
    private Tables() {}

    /** Aligned columns for a terminal, without the title; control characters in cells are made visible. */
    public static String text(Table table) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(headings(table));
        for (int r = 0; r < table.rows().size(); r++) {
            lines.add(shown(table, r));
        }
        int[] widths = new int[table.columns().size()];
        for (List<String> line : lines) {
            for (int c = 0; c < widths.length; c++) {
                widths[c] = Math.max(widths[c], width(line.get(c)));
            }
        }
        StringBuilder out = new StringBuilder();
        for (int l = 0; l < lines.size(); l++) {
            out.append(aligned(table, lines.get(l), widths)).append('\n');
            if (l == 0) {
                List<String> rule = new ArrayList<>();
                for (int width : widths) {
                    rule.add("-".repeat(width));
                }
                out.append(String.join("  ", rule)).append('\n');
            }
        }
        return out.toString();
    }

    /** A Markdown pipe table, without the title. */
    public static String markdown(Table table) {
        StringBuilder out = new StringBuilder();
        markdownLine(headings(table).stream().map(Tables::markdownCell).toList(), out);
        markdownLine(
                table.columns().stream()
                        .map(c -> c.kind() == Table.Kind.TEXT ? "---" : "---:")
                        .toList(),
                out);
        for (int r = 0; r < table.rows().size(); r++) {
            markdownLine(shown(table, r).stream().map(Tables::markdownCell).toList(), out);
        }
        return out.toString();
    }

    /** Comma-separated values with a header line; numbers raw and in full precision. */
    public static String csv(Table table) {
        StringBuilder out = new StringBuilder();
        List<String> header = new ArrayList<>();
        for (Table.Column column : table.columns()) {
            machineNames(column).forEach(name -> header.add(csvText(name)));
        }
        out.append(String.join(",", header)).append('\n');
        for (List<Object> row : table.rows()) {
            List<String> cells = new ArrayList<>();
            for (int c = 0; c < row.size(); c++) {
                for (Object value : machineValues(table.columns().get(c), row.get(c))) {
                    cells.add(csvCell(value));
                }
            }
            out.append(String.join(",", cells)).append('\n');
        }
        return out.toString();
    }

    /** An object with {@code title}, {@code units} by column and {@code rows} as objects; ends with a newline. */
    public static String json(Table table) {
        return Json.pretty(node(table));
    }

    /** The same as a tree, for a command that prints more than one table. */
    public static ObjectNode node(Table table) {
        ObjectNode root = Json.object();
        root.put("title", table.title());
        ObjectNode units = root.putObject("units");
        ArrayNode rows = root.putArray("rows");
        for (Table.Column column : table.columns()) {
            if (!column.unit().isEmpty()) {
                units.put(column.name(), column.unit());
            }
        }
        for (List<Object> row : table.rows()) {
            ObjectNode object = rows.addObject();
            for (int c = 0; c < row.size(); c++) {
                Table.Column column = table.columns().get(c);
                List<String> names = keys(column);
                List<Object> values = machineValues(column, row.get(c));
                for (int i = 0; i < names.size(); i++) {
                    put(object, names.get(i), values.get(i));
                }
            }
        }
        return root;
    }

    private static List<String> keys(Table.Column column) {
        return column.kind() == Table.Kind.SPREAD
                ? List.of(column.name(), column.name() + " sd")
                : List.of(column.name());
    }

    private static List<String> machineNames(Table.Column column) {
        return keys(column).stream()
                .map(key -> column.unit().isEmpty() ? key : key + " [" + column.unit() + "]")
                .toList();
    }

    private static List<Object> machineValues(Table.Column column, Object cell) {
        if (column.kind() != Table.Kind.SPREAD) {
            return Collections.singletonList(cell);
        }
        List<Object> both = new ArrayList<>();
        both.add(cell == null ? null : ((Table.Spread) cell).mean());
        both.add(cell == null ? null : ((Table.Spread) cell).sd());
        return both;
    }

    private static void put(ObjectNode object, String name, Object value) {
        switch (value) {
            case null -> object.putNull(name);
            case Long number -> object.put(name, number);
            case Double number when number.isNaN() -> object.putNull(name);
            case Double number when number.isInfinite() -> object.put(name, number.toString());
            case Double number -> object.put(name, number);
            default -> object.put(name, value.toString());
        }
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

    private static String markdownCell(String cell) {
        StringBuilder out = new StringBuilder();
        for (char c : oneLine(cell).toCharArray()) {
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '|', '\\', '`', '*', '_', '[', ']' -> out.append('\\').append(c);
                default -> out.append(c);
            }
        }
        return out.toString();
    }

    private static void markdownLine(List<String> cells, StringBuilder out) {
        out.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static List<String> headings(Table table) {
        List<String> headings = new ArrayList<>();
        for (int c = 0; c < table.columns().size(); c++) {
            headings.add(oneLine(table.heading(c)));
        }
        return headings;
    }

    private static List<String> shown(Table table, int row) {
        List<String> cells = new ArrayList<>();
        for (int c = 0; c < table.columns().size(); c++) {
            cells.add(oneLine(table.shown(row, c)));
        }
        return cells;
    }

    private static String aligned(Table table, List<String> cells, int[] widths) {
        List<String> padded = new ArrayList<>();
        for (int c = 0; c < widths.length; c++) {
            String space = " ".repeat(widths[c] - width(cells.get(c)));
            boolean left = table.columns().get(c).kind() == Table.Kind.TEXT;
            padded.add(left ? cells.get(c) + space : space + cells.get(c));
        }
        return String.join("  ", padded).stripTrailing();
    }

    /** Control and direction characters would move the cursor or reorder the line of a terminal. */
    private static String oneLine(String cell) {
        return Shown.shorten(cell, 200)
                .codePoints()
                .map(c -> Character.isISOControl(c)
                                || Character.getType(c) == Character.FORMAT
                                || Character.getType(c) == Character.SURROGATE
                                || c == 0x2028
                                || c == 0x2029
                        ? 0xFFFD
                        : c)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
