package org.headwise.workbench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.headwise.files.Json;
import org.headwise.schedules.evaluate.Summary;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A table for the terminal that is also a JSON array of objects: the same rows, the numbers unrounded. */
final class TextTable {
    /**
     * One column.
     *
     * @param key name in JSON
     * @param title heading on the terminal
     * @param format how a number is shown, for example {@code %.2f}; {@code %s} for anything
     */
    record Column(String key, String title, String format) {
        static Column of(String key, String title) {
            return new Column(key, title, "%s");
        }
    }

    private final List<Column> columns;
    private final List<List<Object>> rows = new ArrayList<>();

    TextTable(Column... columns) {
        this.columns = List.of(columns);
    }

    /** Adds a row of text, numbers, booleans or nulls. */
    TextTable row(Object... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + columns.size() + " columns");
        }
        rows.add(Arrays.asList(cells));
        return this;
    }

    /** The rows as JSON objects. */
    ArrayNode json() {
        ArrayNode array = Json.mapper().createArrayNode();
        for (List<Object> row : rows) {
            ObjectNode object = array.addObject();
            for (int c = 0; c < columns.size(); c++) {
                Object cell = row.get(c);
                object.set(columns.get(c).key(), Json.mapper().valueToTree(plain(cell)));
            }
        }
        return array;
    }

    /** Lines of aligned columns, numbers to the right, headings first unless all are empty. */
    List<String> lines() {
        List<List<String>> text = new ArrayList<>();
        if (columns.stream().anyMatch(column -> !column.title().isEmpty())) {
            text.add(columns.stream().map(Column::title).toList());
        }
        for (List<Object> row : rows) {
            List<String> cells = new ArrayList<>();
            for (int c = 0; c < columns.size(); c++) {
                cells.add(show(row.get(c), columns.get(c).format()));
            }
            text.add(cells);
        }
        int[] widths = new int[columns.size()];
        text.forEach(cells -> {
            for (int c = 0; c < widths.length; c++) {
                widths[c] = Math.max(widths[c], width(cells.get(c)));
            }
        });
        return text.stream().map(cells -> line(cells, widths)).toList();
    }

    private String line(List<String> cells, int[] widths) {
        List<String> padded = new ArrayList<>();
        for (int c = 0; c < widths.length; c++) {
            String blank = " ".repeat(widths[c] - width(cells.get(c)));
            padded.add(numeric(c) ? blank + cells.get(c) : cells.get(c) + blank);
        }
        return padded.stream().collect(Collectors.joining("  ")).stripTrailing();
    }

    private boolean numeric(int column) {
        return rows.stream()
                        .map(row -> row.get(column))
                        .anyMatch(cell -> cell instanceof Number || cell instanceof Summary)
                && rows.stream().map(row -> row.get(column)).noneMatch(String.class::isInstance);
    }

    private static String show(Object cell, String format) {
        return switch (cell) {
            case null -> "-";
            case Double number when number.isNaN() -> "-";
            case Number number -> String.format(Locale.ROOT, format, number);
            case Summary summary -> show(summary, format);
            default -> TerminalText.clean(cell.toString());
        };
    }

    /** Mean and spread; values that are infinite, such as the PSNR of equal pictures, are counted beside them. */
    private static String show(Summary summary, String format) {
        if (summary.count() == 0) {
            return summary.infinite() == 0 ? "-" : "equal";
        }
        String text = String.format(Locale.ROOT, format + " ± " + format, summary.mean(), summary.deviation());
        return summary.infinite() == 0 ? text : text + " and " + summary.infinite() + " equal";
    }

    /** JSON has no NaN and no infinity. */
    private static Object plain(Object cell) {
        return switch (cell) {
            case null -> null;
            case Double number when !Double.isFinite(number) -> null;
            case Summary summary -> {
                Map<String, Object> parts = new LinkedHashMap<>();
                parts.put("mean", plain(summary.mean()));
                parts.put("sd", summary.deviation());
                parts.put("n", summary.count());
                parts.put("infinite", summary.infinite());
                yield parts;
            }
            default -> cell;
        };
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
