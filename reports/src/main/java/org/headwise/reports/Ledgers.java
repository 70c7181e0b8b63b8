package org.headwise.reports;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headwise.reports.ReportData.BudgetMeaning;
import org.headwise.reports.ReportData.LedgerSeries;
import org.headwise.reports.ReportSources.Planned;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.evaluate.EvaluationResult;
import org.headwise.schedules.evaluate.EvaluationResult.VariantInfo;
import org.headwise.schedules.evaluate.Fidelity;
import org.headwise.schedules.runtime.Footprint;

/** What is kept after each step: as schedules predict it and as an evaluation found it allocated. */
final class Ledgers {
    private static final String FULL = "full cache";

    private Ledgers() {}

    static List<LedgerSeries> of(ReportSources sources) {
        List<LedgerSeries> all = new ArrayList<>();
        if (sources.evaluation().isEmpty()) {
            if (!sources.schedules().isEmpty()) {
                all.add(new LedgerSeries(FULL, true, full(sources.schedules().getFirst()), List.of()));
            }
            sources.schedules()
                    .forEach(p -> all.add(new LedgerSeries(p.name(), "", false, predicted(p), List.of(), meanings(p))));
            return all;
        }
        EvaluationResult result = sources.evaluation().get().result();
        all.add(new LedgerSeries(
                FULL,
                true,
                List.of(),
                most(result.prompts().stream().map(p -> p.full()).toList())));
        for (VariantInfo variant : result.variants()) {
            Optional<Planned> planned = sources.schedules().stream()
                    .filter(p -> p.name().equals(variant.name()))
                    .findFirst();
            List<Long> predicted = planned.map(Ledgers::predicted).orElse(List.of());
            List<Long> allocated = most(result.prompts().stream()
                    .map(p -> p.compressed().get(variant.name()))
                    .toList());
            all.add(new LedgerSeries(
                    variant.name(),
                    Shown.percent(variant.budget()),
                    false,
                    predicted,
                    allocated,
                    planned.map(Ledgers::meanings).orElse(List.of())));
        }
        return all;
    }

    private static List<BudgetMeaning> meanings(Planned planned) {
        Footprint footprint = Footprint.of(planned.schedule());
        long each = 2L * planned.schedule().geometry().headDim() * planned.elementBytes() * planned.rows();
        return Stream.of(Footprint.Meaning.values())
                .map(meaning ->
                        new BudgetMeaning(meaning.words(), footprint.share(meaning), footprint.tokens(meaning) * each))
                .toList();
    }

    private static List<Long> predicted(Planned planned) {
        Schedule schedule = planned.schedule();
        return schedule.predicted()
                .bytes(schedule.geometry(), planned.rows(), planned.elementBytes())
                .endBytes();
    }

    /** A schedule without rules keeps everything. */
    private static List<Long> full(Planned like) {
        Schedule s = like.schedule();
        Schedule nothing = new Schedule(s.geometry(), "full", new TreeMap<>(), s.budget(), List.of(), s.provenance());
        return predicted(new Planned(FULL, nothing, like.rows(), like.elementBytes()));
    }

    /** The most over prompts, step by step; empty without prompts. */
    private static List<Long> most(List<Fidelity> prompts) {
        int steps = prompts.stream().mapToInt(f -> f.endBytes().size()).min().orElse(0);
        return IntStream.range(0, steps)
                .mapToObj(step -> prompts.stream()
                        .mapToLong(f -> f.endBytes().get(step))
                        .max()
                        .orElse(0))
                .toList();
    }
}
