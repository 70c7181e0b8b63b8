package org.headwise.analysis;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.headwise.files.AtomicFile;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.model.Geometry;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** All columns of all statistics, one row per head: as a table, as CSV, as text for a terminal and as JSON. */
public final class HeadTable {
    /** What a column of the table means. */
    public record Legend(String column, String unit, String description) {}

    private final Table table;
    private final List<Legend> legend = new ArrayList<>();

    private HeadTable(Table table) {
        this.table = table;
    }

    /** The table of a profile: columns {@code layer}, {@code head}, then {@code statistic.column} each. */
    public static HeadTable of(Profile profile) {
        return of(profile.geometry(), profile.statistics());
    }

    static HeadTable of(Geometry geometry, List<Statistic> statistics) {
        IntColumn layers = IntColumn.create("layer");
        IntColumn heads = IntColumn.create("head");
        for (int l = 0; l < geometry.layers(); l++) {
            for (int h = 0; h < geometry.heads(); h++) {
                layers.append(l);
                heads.append(h);
            }
        }
        HeadTable result = new HeadTable(Table.create("heads", layers, heads));
        for (Statistic statistic : statistics) {
            for (Column column : statistic.columns()) {
                String name = statistic.name() + "." + column.name();
                result.table.addColumns(DoubleColumn.create(name, column.values()));
                result.legend.add(new Legend(name, column.unit(), column.description()));
            }
        }
        return result;
    }

    /** A copy as a tablesaw table; missing numbers are missing there. */
    public Table table() {
        return table.copy();
    }

    /** Units and meanings of the columns, in their order. */
    public List<Legend> legend() {
        return List.copyOf(legend);
    }

    /**
     * Columns that lack numbers, in words: which and for how many heads. Empty when every head has every number.
     */
    public List<String> gaps() {
        List<String> gaps = new ArrayList<>();
        for (Legend entry : legend) {
            long missing = DoubleStream.of(values(entry.column()))
                    .filter(v -> !Double.isFinite(v))
                    .count();
            if (missing > 0) {
                gaps.add(entry.column() + ": no value for " + missing + " of " + table.rowCount() + " heads");
            }
        }
        return gaps;
    }

    /** CSV in UTF-8: a header line, a line per head by layer and head, nine significant digits, nothing for a gap. */
    public void writeCsv(Path file) {
        AtomicFile.write(file, out -> {
            Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
            writeCsv(writer);
            writer.flush();
        });
    }

    private void writeCsv(Writer writer) throws IOException {
        writer.write(String.join(",", table.columnNames()) + "\n");
        for (Row row : table) {
            StringBuilder line =
                    new StringBuilder().append(row.getInt("layer")).append(',').append(row.getInt("head"));
            for (Legend entry : legend) {
                double value = row.getDouble(entry.column());
                line.append(',').append(Double.isFinite(value) ? Digits.nine(value) : "");
            }
            writer.append(line).append('\n');
        }
    }

    /**
     * Text for a terminal.
     *
     * @param sortBy a column; a leading minus sorts from the largest, gaps come last
     * @param columns which to show, or empty for all
     * @param limit most rows to show; a last line says how many are left out
     */
    public String text(String sortBy, List<String> columns, int limit) {
        boolean descending = sortBy.startsWith("-");
        String by = descending ? sortBy.substring(1) : sortBy;
        double[] keys = values(by);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < keys.length; i++) {
            order.add(i);
        }
        order.sort((a, b) -> compare(keys[a], keys[b], descending));
        List<String> shown =
                columns.isEmpty() ? legend.stream().map(Legend::column).toList() : columns;
        List<List<String>> lines = new ArrayList<>();
        List<String> header = new ArrayList<>(List.of("layer", "head"));
        header.addAll(shown);
        lines.add(header);
        List<double[]> numbers = shown.stream().map(this::values).toList();
        for (int i : order.subList(0, Math.min(limit, order.size()))) {
            List<String> line = new ArrayList<>();
            line.add(String.valueOf(table.intColumn("layer").getInt(i)));
            line.add(String.valueOf(table.intColumn("head").getInt(i)));
            for (double[] column : numbers) {
                line.add(Double.isFinite(column[i]) ? String.format(Locale.ROOT, "%.4g", column[i]) : "-");
            }
            lines.add(line);
        }
        String more = order.size() > limit ? "... and " + (order.size() - limit) + " more heads\n" : "";
        return aligned(lines) + more;
    }

    private static int compare(double a, double b, boolean descending) {
        if (Double.isNaN(a) || Double.isNaN(b)) {
            return Boolean.compare(Double.isNaN(a), Double.isNaN(b));
        }
        return descending ? Double.compare(b, a) : Double.compare(a, b);
    }

    private static String aligned(List<List<String>> lines) {
        int[] widths = new int[lines.getFirst().size()];
        for (List<String> line : lines) {
            for (int c = 0; c < widths.length; c++) {
                widths[c] = Math.max(widths[c], line.get(c).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            for (int c = 0; c < widths.length; c++) {
                text.append(c == 0 ? "" : "  ")
                        .append(" ".repeat(widths[c] - line.get(c).length()))
                        .append(line.get(c));
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** One object per head with {@code layer}, {@code head} and the columns; a gap is null. */
    public ArrayNode json() {
        ArrayNode rows = Json.mapper().createArrayNode();
        for (Row row : table) {
            ObjectNode object = rows.addObject();
            object.put("layer", row.getInt("layer")).put("head", row.getInt("head"));
            for (Legend entry : legend) {
                double value = row.getDouble(entry.column());
                if (Double.isFinite(value)) {
                    object.put(entry.column(), value);
                } else {
                    object.putNull(entry.column());
                }
            }
        }
        return rows;
    }

    /** One column, [layers * heads]; an unknown name is refused. */
    public double[] values(String column) {
        if (column.equals("layer") || column.equals("head")) {
            return table.intColumn(column).asDoubleArray();
        }
        if (legend.stream().noneMatch(entry -> entry.column().equals(column))) {
            throw new InputRefused("there is no column '" + column + "'; known are layer, head, "
                    + String.join(", ", legend.stream().map(Legend::column).toList()));
        }
        return table.doubleColumn(column).asDoubleArray();
    }
}
