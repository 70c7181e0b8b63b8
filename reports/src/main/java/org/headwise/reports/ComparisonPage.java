package org.headwise.reports;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.headwise.files.AtomicFile;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.reports.ReportData.LedgerSeries;
import org.headwise.schedules.compare.Compared;
import org.headwise.schedules.compare.Kept;
import org.headwise.schedules.compare.KeptCells;
import org.headwise.schedules.compare.Overlap;
import org.headwise.schedules.compare.PairOverlap;
import org.headwise.schedules.compare.ScheduleComparison;
import org.headwise.schedules.compare.ScheduleComparison.Counted;
import org.headwise.schedules.runtime.Footprint.Meaning;
import org.headwise.schedules.runtime.Storage;

/** A comparison of schedules as one HTML page with charts, which opens anywhere without a network. */
public final class ComparisonPage {
    private static final int ALL = KeptCells.ALL;

    private ComparisonPage() {}

    /**
     * Writes the page.
     *
     * @param rows batch rows that bytes are of
     * @param tolerance up to which a schedule equals the reference, as a share
     */
    public static void write(
            ScheduleComparison comparison, int rows, double tolerance, Provenance provenance, Path file) {
        AtomicFile.write(file, page(comparison, rows, tolerance, provenance));
    }

    static String page(ScheduleComparison comparison, int rows, double tolerance, Provenance provenance) {
        List<Html> parts = new ArrayList<>();
        parts.add(header(comparison));
        parts.add(new Section("budgets", "Budgets in all their meanings", budgets(comparison, rows, tolerance)).html());
        parts.add(new Section("memory", "KV cache step by step", List.of(memory(comparison, rows))).html());
        parts.add(new Section("kept", "What is kept", maps(comparison)).html());
        parts.add(new Section("overlap", "What is kept in common", overlaps(comparison)).html());
        parts.add(new Section("provenance", "Where this came from", origin(provenance)).html());
        Html body = Tag.BODY.of(Tag.DIV.of(Tag.MAIN.of(parts)).cls("page"));
        return HtmlText.page(
                Tag.HTML.of(HtmlReport.head("Schedules side by side"), body).set(Attr.LANG, "en"));
    }

    private static Html header(ScheduleComparison comparison) {
        Geometry g = comparison.geometry();
        String how = comparison.counted().map(ComparisonPage::how).orElse("from the schedules alone, nothing was run");
        return Tag.HEADER.of(
                Tag.H1.of("Schedules side by side"),
                Tag.P
                        .of(
                                Html.data(g.family()),
                                Html.text(
                                        " \u00b7 " + g.layers() + " layers \u00d7 " + g.kvHeads() + " kv heads \u00b7 "
                                                + g.steps().size() + " steps, " + g.totalTokens() + " tokens \u00b7 "
                                                + g.fingerprint() + " \u00b7 "),
                                Html.data(how))
                        .cls("under"));
    }

    private static String how(Counted counted) {
        return "tokens counted in " + counted.model() + " on " + counted.promptSet() + ", N = " + counted.prompts();
    }

    private static List<Html> budgets(ScheduleComparison comparison, int rows, double tolerance) {
        List<Table.Column> columns =
                new ArrayList<>(List.of(Table.Column.text("schedule"), Table.Column.text("asked")));
        for (Meaning meaning : Meaning.values()) {
            columns.add(Table.Column.share(meaning.words()));
        }
        columns.add(Table.Column.bytes("peak live, BF16"));
        columns.add(Table.Column.bytes("allocated, BF16"));
        columns.add(Table.Column.bytes("allocated, F32"));
        columns.add(Table.Column.text("equal to the first in"));
        List<List<Object>> cells = new ArrayList<>();
        for (int i = 0; i < comparison.schedules().size(); i++) {
            Compared one = comparison.schedules().get(i);
            List<Object> row = Table.row(
                    one.name(),
                    Shown.percent(one.schedule().budget().share()) + " "
                            + one.schedule()
                                    .budget()
                                    .meaning()
                                    .name()
                                    .toLowerCase(Locale.ROOT)
                                    .replace('_', ' '));
            List<String> equal = new ArrayList<>();
            for (Meaning meaning : Meaning.values()) {
                row.add(one.footprint().share(meaning));
                if (comparison.difference(i, meaning) <= tolerance) {
                    equal.add(meaning.words());
                }
            }
            row.add(one.footprint().bytes(Meaning.PEAK_LIVE, rows, Storage.BF16));
            row.add(one.footprint().bytes(Meaning.ALLOCATED, rows, Storage.BF16));
            row.add(one.footprint().bytes(Meaning.ALLOCATED, rows, Storage.F32));
            row.add(i == 0 ? "" : String.join(", ", equal));
            cells.add(row);
        }
        return List.of(
                Tag.P.of(
                        "Shares are of what the last step of a full cache finds (between steps, peak incoming), or of all"
                                + " that it holds in the end (peak live, allocated). Bytes are of " + rows
                                + " batch rows. Equal means within " + Shown.percent(tolerance)
                                + " of the first schedule."),
                HtmlTable.of(new Table("Budgets", columns, cells)));
    }

    private static Html memory(ScheduleComparison comparison, int rows) {
        Compared first = comparison.schedules().getFirst();
        List<Long> full = new ArrayList<>();
        long each = 2L * rows * comparison.geometry().headDim() * Storage.BF16.bytes();
        for (int s : comparison.axes().steps()) {
            int made = comparison.axes().made().get(full.size());
            full.add(each
                    * made
                    * comparison.geometry().layers()
                    * comparison.geometry().kvHeads());
        }
        List<LedgerSeries> ledgers = new ArrayList<>(List.of(new LedgerSeries("full cache", true, full, List.of())));
        List<Table.Column> columns =
                new ArrayList<>(List.of(Table.Column.text("step"), Table.Column.bytes("full cache")));
        for (Compared one : comparison.schedules()) {
            ledgers.add(new LedgerSeries(one.name(), false, allocated(comparison, one, rows), List.of()));
            columns.add(Table.Column.bytes(one.name()));
        }
        List<List<Object>> cells = new ArrayList<>();
        for (int s = 0; s < full.size(); s++) {
            List<Object> row = Table.row(comparison.axes().steps().get(s).toString());
            for (LedgerSeries ledger : ledgers) {
                row.add(ledger.predicted().get(s));
            }
            cells.add(row);
        }
        Table table = new Table("Allocated when a step is over", columns, cells);
        return Tag.FIGURE.of(
                Tag.FIGCAPTION.of("Bytes that the runtime allocates in BF16 when each step is over, for " + rows
                        + " batch rows; " + first.footprint().pageTokens()
                        + " tokens a page. The dashed line is the full cache."),
                Tag.DIV
                        .of(Charts.memory(ledgers)
                                .inline("Allocated KV cache by step")
                                .cls("wide"))
                        .cls("chart"),
                Tag.DETAILS.of(Tag.SUMMARY.of("Numbers"), HtmlTable.of(table)).cls("numbers"));
    }

    private static List<Long> allocated(ScheduleComparison comparison, Compared one, int rows) {
        List<Long> ends = one.footprint().allocated(rows, Storage.BF16).endBytes();
        return comparison.axes().steps().stream().map(ends::get).toList();
    }

    private static List<Html> maps(ScheduleComparison comparison) {
        List<Html> all = new ArrayList<>();
        int layers = comparison.geometry().layers();
        int steps = comparison.axes().steps().size();
        int sources = comparison.axes().sources().size();
        for (Compared one : comparison.schedules()) {
            double[][] byStep = new double[layers][steps];
            double[][] bySource = new double[layers][sources];
            boolean known = true;
            for (int l = 0; l < layers; l++) {
                for (int s = 0; s < steps; s++) {
                    byStep[l][s] = one.kept().at(s, ALL, l, ALL).mostShare();
                }
                for (int c = 0; c < sources; c++) {
                    Kept kept = one.kept().at(steps - 1, c, l, ALL);
                    known &= kept.isExact();
                    bySource[l][c] = kept.mostShare();
                }
            }
            all.add(Tag.H3.of(Html.data(one.name())));
            all.add(map("Share of the full cache that each layer keeps when a step is over.", "step", byStep));
            if (sources > 0 && known) {
                all.add(map("Share of each source that each layer keeps after the last step.", "source", bySource));
            } else if (sources > 0) {
                all.add(Tag.P
                        .of("Of which source its tokens are is known only when a model runs: headwise compare --model"
                                + " counts them.")
                        .cls("missing"));
            }
        }
        return all;
    }

    private static Html map(String sentence, String across, double[][] values) {
        return Tag.FIGURE.of(
                Tag.FIGCAPTION.of(sentence),
                Tag.DIV
                        .of(new HeatMap(across, "layer", "share kept", values, 0, 1)
                                .draw()
                                .inline(sentence))
                        .cls("chart"));
    }

    private static List<Html> overlaps(ScheduleComparison comparison) {
        List<Table.Column> columns = List.of(
                Table.Column.text("schedules"),
                Table.Column.text("place"),
                Table.Column.real("least", "", 3),
                Table.Column.real("most", "", 3));
        List<Html> all = new ArrayList<>();
        all.add(Tag.P.of(
                "The Jaccard index: tokens that both keep over tokens that either keeps, summed over layers and kv"
                        + " heads; 1 means the same. Where least and most differ, the tokens are chosen while a model runs"
                        + " and the two are bounds that hold for every image."));
        for (PairOverlap pair : comparison.pairs()) {
            String names = comparison.schedules().get(pair.first()).name() + " and "
                    + comparison.schedules().get(pair.second()).name();
            List<List<Object>> rows = new ArrayList<>();
            rows.add(row(names, "after the last step", pair.last()));
            rows.add(row(names, "all steps together", pair.allSteps()));
            List<List<Object>> places = new ArrayList<>();
            for (int s = 0; s < pair.steps().size(); s++) {
                String step = comparison.axes().steps().get(s).toString();
                places.add(row(names, "after step " + step, pair.steps().get(s)));
            }
            for (int c = 0; c < pair.sources().size(); c++) {
                String source = comparison.axes().sources().get(c).name();
                places.add(row(names, "source " + source, pair.sources().get(c)));
            }
            for (int l = 0; l < pair.layers().size(); l++) {
                places.add(row(names, "layer " + l, pair.layers().get(l)));
            }
            all.add(HtmlTable.of(new Table("Overlap of " + names, columns, rows)));
            all.add(Tag.DETAILS
                    .of(
                            Tag.SUMMARY.of("By step; by source and by layer after the last step"),
                            HtmlTable.of(new Table("Overlap by place", columns, places)))
                    .cls("numbers"));
        }
        return all;
    }

    private static List<Object> row(String names, String place, Overlap overlap) {
        return Table.row(names, place, overlap.least(), overlap.most());
    }

    private static List<Html> origin(Provenance provenance) {
        List<List<Object>> inputs = new ArrayList<>();
        provenance.inputs().forEach(input -> inputs.add(Table.row(input.name(), input.bytes(), input.sha256())));
        Table table = new Table(
                "Inputs",
                List.of(Table.Column.text("file"), Table.Column.bytes("size"), Table.Column.text("sha256")),
                inputs);
        return List.of(
                Tag.P.of(
                        Html.data(provenance.tool()),
                        Html.text(": "),
                        Html.code(String.join(" ", provenance.command()))),
                HtmlTable.of(table));
    }
}
