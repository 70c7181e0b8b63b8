package org.headwise.workbench;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.headwise.schedules.Budget;
import org.headwise.schedules.compare.Compared;
import org.headwise.schedules.compare.Kept;
import org.headwise.schedules.compare.KeptCells;
import org.headwise.schedules.compare.Overlap;
import org.headwise.schedules.compare.PairOverlap;
import org.headwise.schedules.compare.ScheduleComparison;
import org.headwise.schedules.runtime.Footprint;
import org.headwise.schedules.runtime.Footprint.Meaning;
import org.headwise.schedules.runtime.Storage;
import org.headwise.workbench.TextTable.Column;

/**
 * A comparison on the terminal: budgets, then steps, sources and layers.
 *
 * @param rows batch rows that bytes are of
 * @param tolerance up to which a schedule equals the reference
 */
record ComparisonTables(ScheduleComparison comparison, int rows, double tolerance) {
    private static final int ALL = KeptCells.ALL;

    void print(Session session) {
        session.print("Budgets, in tokens of all layers and kv heads of one batch row, and in bytes of " + rows
                + (rows == 1 ? " batch row" : " batch rows"));
        print(session, budgets());
        session.print("");
        session.print(equalities());
        session.print("");
        session.print("Overlap of the tokens kept (Jaccard index)" + how());
        print(session, pairs());
        print(session, "Kept of the full cache after each step, and overlap", steps());
        print(session, "Kept by source after the last step, and overlap", sources());
        print(session, "Kept by layer after the last step, and overlap", layers());
        session.say("Overlaps and tokens of every kv head are in the files that --json and --csv write");
        if (comparison.counted().isEmpty() && !comparison.isExact()) {
            session.say("Tokens that are chosen by their attention are known only when a model runs: two numbers are"
                    + " bounds that hold for every image; --model MODEL --prompts SET counts the tokens");
        }
    }

    private static void print(Session session, TextTable table) {
        table.lines().forEach(session::print);
    }

    private static void print(Session session, String title, TextTable table) {
        session.print("");
        session.print(title);
        print(session, table);
    }

    private String how() {
        return comparison
                .counted()
                .map(c -> String.format(
                        Locale.ROOT,
                        ", counted: %s, %s, N = %d prompts of %d batch rows",
                        c.model(),
                        c.promptSet(),
                        c.prompts(),
                        c.rows()))
                .orElse(", from the schedules alone");
    }

    private TextTable budgets() {
        TextTable table = table(
                "",
                "meaning",
                comparison.schedules().stream().map(Compared::name).toList());
        line(
                table,
                "asked for",
                one -> percent(one.schedule().budget()) + " "
                        + one.schedule()
                                .budget()
                                .meaning()
                                .name()
                                .toLowerCase(Locale.ROOT)
                                .replace('_', ' '));
        for (Meaning meaning : Meaning.values()) {
            line(table, meaning.words(), one -> tokens(one.footprint(), meaning));
        }
        for (Meaning meaning : List.of(Meaning.PEAK_LIVE, Meaning.ALLOCATED)) {
            for (Storage storage : List.of(Storage.F32, Storage.BF16)) {
                String type = storage == Storage.BF16 ? "BF16, F16" : storage.name();
                line(
                        table,
                        meaning.words() + ", bytes in " + type,
                        one -> String.format(Locale.ROOT, "%,d", one.footprint().bytes(meaning, rows, storage)));
            }
        }
        comparison
                .counted()
                .ifPresent(counted -> line(
                        table,
                        "allocated when run, bytes in " + counted.storage(),
                        one -> String.format(
                                Locale.ROOT,
                                "%,d",
                                counted.peakBytes().get(comparison.schedules().indexOf(one)))));
        return table;
    }

    /** With three decimals at most. */
    static String percent(Budget budget) {
        return new BigDecimal(budget.share())
                        .movePointRight(2)
                        .setScale(3, RoundingMode.HALF_EVEN)
                        .stripTrailingZeros()
                        .toPlainString()
                + "%";
    }

    private static String tokens(Footprint footprint, Meaning meaning) {
        return String.format(Locale.ROOT, "%,d (%.3f%%)", footprint.tokens(meaning), 100 * footprint.share(meaning));
    }

    private void line(TextTable table, String name, Function<Compared, String> cell) {
        List<Object> cells = new ArrayList<>(List.of(name));
        comparison.schedules().forEach(one -> cells.add(cell.apply(one)));
        table.row(cells.toArray());
    }

    /** For every schedule but the reference, at which meanings it equals it. */
    String equalities() {
        List<String> lines = new ArrayList<>();
        for (int i = 1; i < comparison.schedules().size(); i++) {
            List<String> equal = new ArrayList<>();
            List<String> other = new ArrayList<>();
            for (Meaning meaning : Meaning.values()) {
                double difference = comparison.difference(i, meaning);
                if (difference == 0) {
                    equal.add(meaning.words() + " (exactly)");
                } else if (difference <= tolerance) {
                    equal.add(String.format(Locale.ROOT, "%s (within %.2f%%)", meaning.words(), 100 * difference));
                } else {
                    other.add(String.format(Locale.ROOT, "%s (by %.1f%%)", meaning.words(), 100 * difference));
                }
            }
            lines.add(comparison.schedules().get(i).name() + " and "
                    + comparison.schedules().getFirst().name() + " are equal in: "
                    + (equal.isEmpty() ? "nothing" : String.join(", ", equal))
                    + (other.isEmpty() ? "" : "; they differ in: " + String.join(", ", other)));
        }
        return String.join("\n", lines);
    }

    private TextTable pairs() {
        TextTable table = new TextTable(
                Column.of("pair", "schedules"),
                Column.of("last", "after the last step"),
                Column.of("all", "all steps together"));
        comparison.pairs().forEach(pair -> table.row(names(pair), shown(pair.last()), shown(pair.allSteps())));
        return table;
    }

    private String names(PairOverlap pair) {
        return comparison.schedules().get(pair.first()).name() + " | "
                + comparison.schedules().get(pair.second()).name();
    }

    private TextTable steps() {
        List<Integer> steps = comparison.axes().steps();
        return cells(
                "step",
                steps.size(),
                s -> steps.get(s).toString(),
                s -> kept -> kept.at(s, ALL, ALL, ALL),
                s -> pair -> pair.steps().get(s));
    }

    private TextTable sources() {
        int last = comparison.axes().steps().size() - 1;
        return cells(
                "source",
                comparison.axes().sources().size(),
                c -> comparison.axes().sources().get(c).name(),
                c -> kept -> kept.at(last, c, ALL, ALL),
                c -> pair -> pair.sources().get(c));
    }

    private TextTable layers() {
        int last = comparison.axes().steps().size() - 1;
        return cells(
                "layer",
                comparison.geometry().layers(),
                Integer::toString,
                l -> kept -> kept.at(last, ALL, l, ALL),
                l -> pair -> pair.layers().get(l));
    }

    /** A row per place: what every schedule keeps there, and its overlap with the reference. */
    private TextTable cells(
            String title,
            int count,
            IntFunction<String> name,
            IntFunction<Function<KeptCells, Kept>> kept,
            IntFunction<Function<PairOverlap, Overlap>> overlap) {
        List<PairOverlap> withReference =
                comparison.pairs().stream().filter(pair -> pair.first() == 0).toList();
        List<String> headings = new ArrayList<>();
        comparison.schedules().forEach(one -> headings.add(one.name()));
        withReference.forEach(pair -> headings.add(
                "overlap " + comparison.schedules().get(pair.second()).name()));
        TextTable table = table(title, title, headings);
        for (int i = 0; i < count; i++) {
            List<Object> cells = new ArrayList<>(List.of(name.apply(i)));
            for (Compared one : comparison.schedules()) {
                cells.add(shown(kept.apply(i).apply(one.kept())));
            }
            for (PairOverlap pair : withReference) {
                cells.add(shown(overlap.apply(i).apply(pair)));
            }
            table.row(cells.toArray());
        }
        return table;
    }

    private static TextTable table(String title, String key, List<String> headings) {
        List<Column> columns = new ArrayList<>(List.of(Column.of(key, title)));
        headings.forEach(heading -> columns.add(Column.of(heading, TerminalText.clean(heading))));
        return new TextTable(columns.toArray(Column[]::new));
    }

    private static String shown(Kept kept) {
        if (kept.full() == 0) {
            return "-";
        }
        String least = String.format(Locale.ROOT, "%.2f%%", 100 * kept.leastShare());
        String most = String.format(Locale.ROOT, "%.2f%%", 100 * kept.mostShare());
        return least.equals(most) ? least : least + " to " + most;
    }

    private static String shown(Overlap overlap) {
        if (Double.isNaN(overlap.least())) {
            return "-";
        }
        String least = String.format(Locale.ROOT, "%.3f", overlap.least());
        return overlap.least() == overlap.most()
                ? least
                : least + " to " + String.format(Locale.ROOT, "%.3f", overlap.most());
    }
}
