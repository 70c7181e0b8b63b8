package org.headwise.reports;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.reports.ReportData.RunInfo;
import org.headwise.reports.ReportData.Source;

/** The model and where every number came from. */
final class RunSection {
    private RunSection() {}

    static Section of(ReportData data, DataFolder files) {
        RunInfo run = data.run();
        Geometry g = run.geometry();
        List<Html> body = new ArrayList<>();
        String kv = g.kvHeads() == g.heads() ? "" : ", " + g.kvHeads() + " key/value heads";
        body.add(Tag.DL
                .of(
                        Tag.DT.of("Model"),
                        Tag.DD.of(Html.data(run.model())),
                        Tag.DT.of("Geometry"),
                        Tag.DD.of(
                                Html.data(g.family()),
                                Html.text(", " + g.layers() + " layers of " + g.heads() + " heads, " + g.headDim()
                                        + " numbers per key" + kv)),
                        Tag.DT.of("Steps"),
                        Tag.DD.of(steps(g)),
                        Tag.DT.of("Fingerprint"),
                        Tag.DD.of(Tag.CODE.of(g.fingerprint())))
                .cls("facts"));
        if (!run.sources().isEmpty()) {
            body.add(Tag.H3.of("How it was made"));
            run.sources().forEach(source -> body.add(source(source)));
            body.add(inputs(run, files));
        }
        return new Section("provenance", "Model and provenance", body);
    }

    private static String steps(Geometry g) {
        String grids = g.steps().stream()
                .limit(16)
                .map(grid -> grid.height() + "\u00d7" + grid.width())
                .collect(Collectors.joining(", "));
        return g.steps().size() + " (" + grids + (g.steps().size() > 16 ? ", \u2026" : "") + "), " + g.totalTokens()
                + " tokens";
    }

    /** The command that made a part, and folded its settings and counts. */
    private static Html source(Source source) {
        Provenance from = source.provenance();
        List<List<Object>> rows = new ArrayList<>();
        rows.add(Table.row("tool", from.tool()));
        from.settings().forEach((key, value) -> rows.add(Table.row(key, value)));
        from.counts().forEach((key, value) -> rows.add(Table.row("count of " + key, value.toString())));
        Table settings = new Table(
                "Settings of " + source.label(),
                List.of(Table.Column.text("setting"), Table.Column.text("value")),
                rows);
        return Tag.DIV
                .of(
                        Tag.P.of(
                                Tag.SPAN.of(Html.data(source.label())).cls("name"),
                                Html.text(" "),
                                Html.code(String.join(" ", from.command()))),
                        Tag.DETAILS
                                .of(Tag.SUMMARY.of("Settings and counts"), HtmlTable.of(settings))
                                .cls("numbers"))
                .cls("source");
    }

    private static Html inputs(RunInfo run, DataFolder files) {
        List<List<Object>> rows = new ArrayList<>();
        for (Source source : run.sources()) {
            for (Provenance.Input input : source.provenance().inputs()) {
                rows.add(Table.row(source.label(), input.name(), input.bytes(), input.sha256()));
            }
        }
        Table table = new Table(
                "Inputs",
                List.of(
                        Table.Column.text("used by"),
                        Table.Column.text("file"),
                        Table.Column.bytes("size"),
                        Table.Column.text("sha256")),
                rows);
        return Figure.numbers(
                rows.size() + " input files and their checksums", HtmlTable.of(table), files.add("inputs.csv", table));
    }
}
