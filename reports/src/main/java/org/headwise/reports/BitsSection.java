package org.headwise.reports;

import java.util.ArrayList;
import java.util.List;
import org.headwise.reports.ReportData.BitAgreement;
import org.headwise.reports.ReportData.Measure;

/** At which scale the image begins to differ. */
final class BitsSection {
    private static final String ID = "bits";
    private static final String TITLE = "Where images begin to differ";

    private BitsSection() {}

    static Section of(ReportData data, DataFolder files) {
        if (data.bits().isEmpty()) {
            return Section.missing(
                    ID, TITLE, "Images were not compared in this run.", "headwise evaluate MODEL --schedule FILE");
        }
        String choices = ReportData.choices(data.run().geometry());
        Table table = table(data.bits(), choices);
        String chance = choices.equals("bits") ? "Two images without relation agree in about half of their bits. " : "";
        return new Section(
                ID,
                TITLE,
                List.of(Figure.of(
                        "",
                        Html.text("Share of " + choices
                                + " equal to those of the full cache with the same seed, by step. " + chance
                                + "Bars are one standard deviation over prompts, cut at 0 and 1."),
                        Charts.bits(data.bits(), choices)
                                .inline("Share of equal " + choices + " by step")
                                .cls("wide"),
                        table,
                        files.add("bits.csv", table))));
    }

    private static Table table(List<BitAgreement> agreements, String choices) {
        List<Table.Column> columns = new ArrayList<>(List.of(Table.Column.text("step")));
        agreements.forEach(a -> columns.add(Table.Column.spread(a.schedule(), "", 3)));
        columns.add(Table.Column.integer("N"));
        int steps = agreements.stream().mapToInt(a -> a.steps().size()).max().orElse(0);
        List<List<Object>> rows = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            List<Object> row = Table.row(Integer.toString(step));
            long n = Long.MAX_VALUE;
            for (BitAgreement agreement : agreements) {
                Measure measure =
                        step < agreement.steps().size() ? agreement.steps().get(step) : null;
                row.add(measure == null ? null : new Table.Spread(measure.mean(), measure.sd()));
                n = measure == null ? n : Math.min(n, measure.n());
            }
            row.add(n == Long.MAX_VALUE ? null : (Object) n);
            rows.add(row);
        }
        return new Table("Share of equal " + choices + " by step", columns, rows);
    }
}
