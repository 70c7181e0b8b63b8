package org.headwise.schedules.compare;

import java.io.StringWriter;
import java.nio.file.Path;
import org.headwise.files.AtomicFile;
import org.headwise.files.Json;
import org.headwise.files.Provenance;
import org.headwise.files.ProvenanceJson;
import org.headwise.schedules.runtime.Footprint;
import org.headwise.schedules.runtime.Storage;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvWriteOptions;
import tools.jackson.databind.node.ObjectNode;

/**
 * A comparison as one long table, a row per number: {@code measure}, the {@code schedule} and, for a Jaccard index, the
 * {@code other} one, the place ({@code step}, {@code source}, {@code layer}, {@code kv_head}; empty means all), the
 * bounds {@code least} and {@code most}, which are equal for what is known exactly, and {@code full}, what the full
 * cache has there.
 */
public final class ComparisonCsv {
    private static final int ALL = KeptCells.ALL;

    private final StringColumn measure = StringColumn.create("measure");
    private final StringColumn schedule = StringColumn.create("schedule");
    private final StringColumn other = StringColumn.create("other");
    private final IntColumn step = IntColumn.create("step");
    private final StringColumn source = StringColumn.create("source");
    private final IntColumn layer = IntColumn.create("layer");
    private final IntColumn head = IntColumn.create("kv_head");
    private final DoubleColumn least = DoubleColumn.create("least");
    private final DoubleColumn most = DoubleColumn.create("most");
    private final DoubleColumn full = DoubleColumn.create("full");
    private final ScheduleComparison comparison;

    private ComparisonCsv(ScheduleComparison comparison, int rows) {
        this.comparison = comparison;
        comparison.schedules().forEach(one -> {
            meanings(one, rows);
            ledger(one);
            kept(one);
        });
        comparison.pairs().forEach(this::overlap);
    }

    /**
     * The table.
     *
     * @param rows batch rows that bytes are of
     */
    public static Table table(ScheduleComparison comparison, int rows) {
        ComparisonCsv csv = new ComparisonCsv(comparison, rows);
        return Table.create(
                "comparison",
                csv.measure,
                csv.schedule,
                csv.other,
                csv.step,
                csv.source,
                csv.layer,
                csv.head,
                csv.least,
                csv.most,
                csv.full);
    }

    /** Writes the table, and beside it {@code FILE.provenance.json} with version, fingerprint and provenance. */
    public static void write(ScheduleComparison comparison, int rows, Provenance provenance, Path file) {
        Table table = table(comparison, rows);
        ObjectNode beside = Json.object()
                .put("format", ComparisonJson.FORMAT + "-csv")
                .put("version", ComparisonJson.VERSION)
                .put("fingerprint", comparison.geometry().fingerprint());
        beside.set("provenance", ProvenanceJson.write(provenance));
        StringWriter text = new StringWriter();
        table.write().usingOptions(CsvWriteOptions.builder(text).lineEnd("\n").build());
        AtomicFile.write(file, text.toString());
        AtomicFile.write(file.resolveSibling(file.getFileName() + ".provenance.json"), Json.pretty(beside));
    }

    private void meanings(Compared one, int rows) {
        for (Footprint.Meaning meaning : Footprint.Meaning.values()) {
            String name = FootprintJson.name(meaning);
            Footprint footprint = one.footprint();
            add(name + "_tokens", one, ALL, "", ALL, ALL, footprint.tokens(meaning), footprint.full(meaning));
            for (Storage storage : Storage.values()) {
                long each = footprint.bytes(meaning, rows, storage) / Math.max(1, footprint.tokens(meaning));
                add(
                        name + "_bytes_" + storage.name().toLowerCase(java.util.Locale.ROOT),
                        one,
                        ALL,
                        "",
                        ALL,
                        ALL,
                        footprint.bytes(meaning, rows, storage),
                        footprint.full(meaning) * each);
            }
        }
    }

    private void ledger(Compared one) {
        for (int s = 0; s < one.footprint().tokens().end().size(); s++) {
            add(
                    "ledger_peak_tokens",
                    one,
                    s,
                    "",
                    ALL,
                    ALL,
                    one.footprint().tokens().peak().get(s),
                    Double.NaN);
            add(
                    "ledger_end_tokens",
                    one,
                    s,
                    "",
                    ALL,
                    ALL,
                    one.footprint().tokens().end().get(s),
                    Double.NaN);
            add(
                    "ledger_peak_slots",
                    one,
                    s,
                    "",
                    ALL,
                    ALL,
                    one.footprint().slots().peak().get(s),
                    Double.NaN);
        }
    }

    private void kept(Compared one) {
        int last = comparison.axes().steps().size() - 1;
        for (int s = 0; s <= last; s++) {
            kept(one, s, ALL, ALL, ALL);
            for (int l = 0; l < comparison.geometry().layers(); l++) {
                kept(one, s, ALL, l, ALL);
                for (int h = 0; h < comparison.geometry().kvHeads(); h++) {
                    kept(one, s, ALL, l, h);
                }
            }
            for (int c = 0; c < comparison.axes().sources().size(); c++) {
                kept(one, s, c, ALL, ALL);
                for (int l = 0; l < comparison.geometry().layers(); l++) {
                    kept(one, s, c, l, ALL);
                    for (int h = 0; s == last && h < comparison.geometry().kvHeads(); h++) {
                        kept(one, s, c, l, h);
                    }
                }
            }
        }
    }

    private void kept(Compared one, int s, int c, int l, int h) {
        Kept kept = one.kept().at(s, c, l, h);
        if (kept.full() > 0) {
            String name = c == ALL ? "" : comparison.axes().sources().get(c).name();
            add("kept_tokens", one, comparison.axes().steps().get(s), name, l, h, kept.least(), kept.full());
            most.set(most.size() - 1, kept.most());
        }
    }

    private void overlap(PairOverlap pair) {
        int last = comparison.axes().steps().getLast();
        overlap(pair, "jaccard_all_steps", ALL, "", ALL, ALL, pair.allSteps());
        for (int s = 0; s < pair.steps().size(); s++) {
            overlap(
                    pair,
                    "jaccard",
                    comparison.axes().steps().get(s),
                    "",
                    ALL,
                    ALL,
                    pair.steps().get(s));
        }
        for (int c = 0; c < pair.sources().size(); c++) {
            String name = comparison.axes().sources().get(c).name();
            overlap(pair, "jaccard", last, name, ALL, ALL, pair.sources().get(c));
        }
        for (int l = 0; l < pair.layers().size(); l++) {
            overlap(pair, "jaccard", last, "", l, ALL, pair.layers().get(l));
            for (int h = 0; h < pair.heads().get(l).size(); h++) {
                overlap(pair, "jaccard", last, "", l, h, pair.heads().get(l).get(h));
            }
        }
    }

    private void overlap(PairOverlap pair, String name, int s, String c, int l, int h, Overlap overlap) {
        add(name, comparison.schedules().get(pair.first()), s, c, l, h, overlap.least(), Double.NaN);
        other.set(
                other.size() - 1,
                plain(comparison.schedules().get(pair.second()).name()));
        most.set(most.size() - 1, overlap.most());
    }

    private void add(String name, Compared one, int s, String c, int l, int h, double value, double of) {
        measure.append(name);
        schedule.append(plain(one.name()));
        other.append("");
        place(step, s);
        source.append(c);
        place(layer, l);
        place(head, h);
        least.append(value);
        most.append(value);
        full.append(of);
    }

    private static void place(IntColumn column, int value) {
        if (value == ALL) {
            column.appendMissing();
        } else {
            column.append(value);
        }
    }

    /** What a spreadsheet would take for a formula gets an apostrophe in front. */
    private static String plain(String text) {
        return !text.isEmpty() && "=+-@\t\r\n".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    }
}
