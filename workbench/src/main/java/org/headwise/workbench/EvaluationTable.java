package org.headwise.workbench;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.headwise.schedules.evaluate.EvaluationResult;
import org.headwise.schedules.evaluate.EvaluationResult.PromptResult;
import org.headwise.schedules.evaluate.EvaluationResult.VariantInfo;
import org.headwise.schedules.evaluate.Fidelity;
import org.headwise.schedules.evaluate.Summary;
import org.headwise.workbench.TextTable.Column;

/** The result of an evaluation as a table: the full cache first, means and standard deviations over prompts. */
final class EvaluationTable {
    private EvaluationTable() {}

    static TextTable of(EvaluationResult result) {
        boolean bits = result.geometry().raster() == null;
        TextTable table = new TextTable(
                Column.of("name", "cache"),
                new Column("peak_bytes", "peak bytes", "%,d"),
                new Column("peak_share", "% of full", "%.2f"),
                new Column("psnr", "PSNR, dB", "%.1f"),
                new Column("ssim", "SSIM", "%.3f"),
                bits
                        ? new Column("equal_bits", "equal bits", "%.3f")
                        : new Column("equal_codes", "equal codes", "%.3f"),
                new Column("kl", bits ? "KL, nats/bit" : "KL, nats/code", "%.4f"),
                new Column("alignment", "alignment", "%.3f"),
                new Column("attention_seconds", "attention, s", "%.3f"),
                new Column("seconds", "image, s", "%.3f"),
                new Column("process_peak_mib", "process peak, MiB", "%.0f"),
                Column.of("prompts", "N"));
        long full = peak(result, PromptResult::full);
        table.row(
                "full",
                full,
                100.0,
                null,
                null,
                null,
                null,
                result.full(Fidelity::aligned),
                result.full(Fidelity::attentionSeconds),
                result.full(Fidelity::seconds),
                result.full(EvaluationTable::processPeak),
                result.prompts().size());
        for (VariantInfo variant : result.variants()) {
            long peak = peak(result, prompt -> prompt.compressed().get(variant.name()));
            table.row(
                    variant.name(),
                    peak,
                    100.0 * peak / full,
                    summary(result, variant, Fidelity::psnr),
                    summary(result, variant, Fidelity::ssim),
                    summary(result, variant, fidelity -> fidelity.overallAgreement(result.geometry())),
                    summary(result, variant, fidelity -> fidelity.overallDivergence(result.geometry())),
                    summary(result, variant, Fidelity::aligned),
                    summary(result, variant, Fidelity::attentionSeconds),
                    summary(result, variant, Fidelity::seconds),
                    summary(result, variant, EvaluationTable::processPeak),
                    result.prompts().size());
        }
        return table;
    }

    /** What has to be known to read the column of alignment; empty where all prompts have one. */
    static Optional<String> remark(EvaluationResult result) {
        int scenes = result.full(Fidelity::aligned).count();
        int prompts = result.prompts().size();
        return scenes == prompts
                ? Optional.empty()
                : Optional.of(
                        scenes == 0
                                ? "no prompt describes a scene that could be looked for, so there is no alignment"
                                : "alignment is over the " + scenes + " of " + prompts
                                        + " prompts that describe a scene");
    }

    private static Summary summary(EvaluationResult result, VariantInfo variant, ToDoubleFunction<Fidelity> measure) {
        return result.summary(variant.name(), measure);
    }

    private static double processPeak(Fidelity fidelity) {
        return fidelity.processPeak() / (1 << 20);
    }

    private static long peak(EvaluationResult result, Function<PromptResult, Fidelity> which) {
        return result.prompts().stream()
                .mapToLong(prompt -> which.apply(prompt).peakBytes())
                .max()
                .orElse(0);
    }
}
