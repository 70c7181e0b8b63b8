package org.headwise.reports;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.headwise.reports.ReportData.BitAgreement;
import org.headwise.reports.ReportData.Measure;

/** At which scale the image begins to differ. */
final class BitsSection {
    private static final String ID = "bits";
    private static final String TITLE = "Where images begin to differ";

    private static final String BARS =
            "Bars are one standard deviation over prompts, cut where no value can lie; a chart"
                    + " of many schedules has none, but the table does.";

    private BitsSection() {}

    static Section of(ReportData data, DataFolder files) {
        if (data.bits().isEmpty()) {
            return Section.missing(
                    ID, TITLE, "Images were not compared in this run.", "headwise evaluate MODEL --schedule FILE");
        }
        String choices = ReportData.choices(data.run().geometry());
        String chance = choices.equals("bits") ? "Two images without relation agree in about half of their bits. " : "";
        List<Html> body = new ArrayList<>();
        String step = ReportData.stepName(data.run().geometry());
        Table table = table("Share of equal " + choices + " by " + step, step, data.bits(), BitAgreement::steps, 3);
        body.add(Figure.of(
                "",
                Html.text("Share of " + choices
                        + " equal to those of the full cache with the same seed, by " + step
                        + (step.equals("row") ? " of the image. " : ". ") + chance
                        + BARS),
                ByBudget.charts(
                        data.bits(),
                        BitAgreement::group,
                        one -> false,
                        (some, of) -> Charts.bits(some, choices, step)
                                .inline("Share of equal " + choices + " by " + step + of)
                                .cls("wide")),
                table,
                files.add("bits.csv", table)));
        if (data.bits().stream().noneMatch(one -> one.divergence().isEmpty())) {
            Table divergence = table("Divergence by " + step, step, data.bits(), BitAgreement::divergence, 4);
            body.add(Figure.of(
                    "Divergence by " + step,
                    Html.text("Divergence of the logits from the full cache's when both are fed the same " + choices
                            + ", in nats per " + choices.substring(0, choices.length() - 1)
                            + ": what a " + step
                            + " loses by itself, before mistakes add up. " + BARS),
                    ByBudget.charts(
                            data.bits(),
                            BitAgreement::group,
                            one -> false,
                            (some, of) -> Charts.divergence(some, choices, step)
                                    .inline("Divergence by " + step + of)
                                    .cls("wide")),
                    divergence,
                    files.add("divergence.csv", divergence)));
        }
        return new Section(ID, TITLE, body);
    }

    private static Table table(
            String title,
            String stepName,
            List<BitAgreement> agreements,
            Function<BitAgreement, List<Measure>> which,
            int decimals) {
        List<Table.Column> columns = new ArrayList<>(List.of(Table.Column.text(stepName)));
        agreements.forEach(a -> columns.add(Table.Column.spread(a.schedule(), "", decimals)));
        columns.add(Table.Column.integer("N"));
        int steps =
                agreements.stream().mapToInt(a -> which.apply(a).size()).max().orElse(0);
        List<List<Object>> rows = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            List<Object> row = Table.row(Integer.toString(step));
            long n = Long.MAX_VALUE;
            for (BitAgreement agreement : agreements) {
                List<Measure> measures = which.apply(agreement);
                Measure measure = step < measures.size() ? measures.get(step) : null;
                row.add(measure == null ? null : new Table.Spread(measure.mean(), measure.sd()));
                n = measure == null ? n : Math.min(n, measure.n());
            }
            row.add(n == Long.MAX_VALUE ? null : (Object) n);
            rows.add(row);
        }
        return new Table(title, columns, rows);
    }
}
