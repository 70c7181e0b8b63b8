package org.headwise.reports;

import java.util.ArrayList;
import java.util.List;
import org.headwise.model.Geometry;
import org.headwise.reports.ReportData.BudgetMeaning;
import org.headwise.reports.ReportData.LedgerSeries;

/** Bytes of KV cache step by step, predicted and allocated. */
final class MemorySection {
    private static final String ID = "memory";
    private static final String TITLE = "KV cache step by step";

    private static final int MOST_ROWS = 33;
    private static final String PROMPT =
            " of image tokens, because no schedule knows how long a prompt will be. The lines"
                    + " are higher by the prompt and by pages that are not full. ";

    private MemorySection() {}

    static Section of(ReportData data, DataFolder files) {
        List<LedgerSeries> ledgers = data.ledgers();
        if (ledgers.isEmpty()) {
            return Section.missing(
                    ID, TITLE, "There is no schedule in this run.", "headwise schedule heatkv RUN --budget 10%");
        }
        Table table = table(data.run().geometry(), ledgers);
        List<Html> body = new ArrayList<>();
        List<LedgerSeries> stated =
                ledgers.stream().filter(l -> !l.meanings().isEmpty()).toList();
        if (!stated.isEmpty()) {
            Table budgets = budgets(stated);
            body.add(
                    Tag.P.of("What each schedule takes at most, in all the meanings that a budget can have: when a step"
                            + " is over; whenever a layer has attended; at any moment, the tokens of the layer that attends"
                            + " included; in pages of the runtime. The first two are shares of what the last step of a full"
                            + " cache finds, the others of all that it holds in the end."));
            body.add(HtmlTable.of(budgets));
            body.add(Tag.P
                    .of(Html.text("As a file: "), files.add("budgets.csv", budgets))
                    .cls("file"));
        }
        body.add(Figure.of(
                "",
                Html.text(sentence(ledgers, data.run().geometry().raster() != null)),
                ByBudget.charts(
                        ledgers,
                        LedgerSeries::group,
                        LedgerSeries::full,
                        (some, of) -> Charts.memory(some)
                                .inline("KV cache by step for every schedule" + of)
                                .cls("wide")),
                HtmlTable.of(new Table(table.title(), table.columns(), Thinned.of(table.rows(), MOST_ROWS))),
                files.add("memory.csv", table)));
        return new Section(ID, TITLE, body);
    }

    /** A row per schedule: share and bytes in every meaning. */
    private static Table budgets(List<LedgerSeries> stated) {
        List<Table.Column> columns = new ArrayList<>(List.of(Table.Column.text("schedule")));
        for (BudgetMeaning meaning : stated.getFirst().meanings()) {
            columns.add(Table.Column.share(meaning.name()));
            columns.add(Table.Column.bytes(meaning.name() + ", bytes"));
        }
        List<List<Object>> rows = new ArrayList<>();
        for (LedgerSeries ledger : stated) {
            List<Object> row = Table.row(ledger.name());
            for (BudgetMeaning meaning : ledger.meanings()) {
                row.add(meaning.share());
                row.add(meaning.bytes());
            }
            rows.add(row);
        }
        return new Table("Budgets in all their meanings", columns, rows);
    }

    private static String sentence(List<LedgerSeries> ledgers, boolean raster) {
        boolean allocated = ledgers.stream().anyMatch(l -> !l.allocated().isEmpty());
        String what = allocated
                ? "Lines are the bytes that the runtime really held when each step was over"
                : "Lines are the bytes that each schedule predicts to be kept when a step is over; none was executed";
        boolean both = ledgers.stream()
                .anyMatch(l -> !l.allocated().isEmpty() && !l.predicted().isEmpty());
        String rings = ", rings what the schedule predicted" + (raster ? PROMPT : ". " + gap(ledgers));
        return what + (both ? rings : ". ") + "The dashed line is the full cache.";
    }

    /** The largest difference in any step, as a share of the most that the same schedule keeps. */
    private static String gap(List<LedgerSeries> ledgers) {
        double worst = 0;
        for (LedgerSeries ledger : ledgers) {
            double most =
                    ledger.predicted().stream().mapToLong(Long::longValue).max().orElse(0);
            for (int s = 0;
                    s < Math.min(ledger.predicted().size(), ledger.allocated().size());
                    s++) {
                double difference =
                        ledger.allocated().get(s) - ledger.predicted().get(s);
                worst = most > 0 ? Math.max(worst, Math.abs(difference) / most) : worst;
            }
        }
        return "They differ by at most " + Shown.percent(worst) + " of what the schedule keeps at most. ";
    }

    private static Table table(Geometry geometry, List<LedgerSeries> ledgers) {
        List<Table.Column> columns =
                new ArrayList<>(List.of(Table.Column.text("step"), Table.Column.integer("tokens")));
        for (LedgerSeries ledger : ledgers) {
            if (!ledger.predicted().isEmpty()) {
                columns.add(Table.Column.bytes(ledger.name() + " predicted"));
            }
            if (!ledger.allocated().isEmpty()) {
                columns.add(Table.Column.bytes(ledger.name() + " allocated"));
            }
        }
        List<List<Object>> rows = new ArrayList<>();
        for (int step = 0; step < geometry.steps().size(); step++) {
            List<Object> row = Table.row(Integer.toString(step), geometry.tokens(step));
            for (LedgerSeries ledger : ledgers) {
                for (List<Long> bytes : List.of(ledger.predicted(), ledger.allocated())) {
                    if (!bytes.isEmpty()) {
                        row.add(step < bytes.size() ? bytes.get(step) : null);
                    }
                }
            }
            rows.add(row);
        }
        return new Table("KV cache kept after each step", columns, rows);
    }
}
