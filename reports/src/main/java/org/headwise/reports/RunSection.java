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
        for (Source source : run.sources()) {
            body.add(source(source));
        }
        if (!run.sources().isEmpty()) {
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

    private static Html source(Source source) {
        Provenance from = source.provenance();
        List<Html> facts = new ArrayList<>();
        facts.add(Tag.DT.of("Tool"));
        facts.add(Tag.DD.of(Html.data(from.tool())));
        facts.add(Tag.DT.of("Command"));
        facts.add(Tag.DD.of(Html.code(String.join(" ", from.command()))));
        if (!from.counts().isEmpty()) {
            facts.add(Tag.DT.of("Counts"));
            facts.add(Tag.DD.of(Html.data(from.counts().entrySet().stream()
                    .map(e -> e.getKey() + " " + e.getValue())
                    .collect(Collectors.joining(", ")))));
        }
        List<List<Object>> rows = new ArrayList<>();
        from.settings().forEach((key, value) -> rows.add(Table.row(key, value)));
        Table settings = new Table("Settings", List.of(Table.Column.text("setting"), Table.Column.text("value")), rows);
        List<Html> children = new ArrayList<>(
                List.of(Tag.H3.of(Html.data(source.label())), Tag.DL.of(facts).cls("facts")));
        if (!rows.isEmpty()) {
            String label = rows.size() == 1 ? "1 setting" : rows.size() + " settings";
            children.add(Tag.DETAILS
                    .of(Tag.SUMMARY.of(label), HtmlTable.of(settings))
                    .cls("numbers"));
        }
        return Tag.DIV.of(children).cls("source");
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
