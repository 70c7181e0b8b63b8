package org.headwise.reports;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.headwise.reports.ReportData.BitAgreement;
import org.headwise.reports.ReportData.FidelityPoint;
import org.headwise.reports.ReportData.ImagePair;
import org.headwise.reports.ReportData.LabelledPicture;
import org.headwise.reports.ReportData.Measure;
import org.headwise.reports.ReportData.MethodTest;
import org.headwise.reports.ReportData.Metric;
import org.headwise.schedules.evaluate.Evaluation;
import org.headwise.schedules.evaluate.EvaluationResult;
import org.headwise.schedules.evaluate.EvaluationResult.PromptResult;
import org.headwise.schedules.evaluate.EvaluationResult.VariantInfo;
import org.headwise.schedules.evaluate.Fidelity;
import org.headwise.schedules.evaluate.Summary;

/**
 * The numbers and images of an evaluation.
 *
 * @param folder where its images lie
 */
record EvaluationReading(EvaluationResult result, Path folder) {
    private static final int MOST_PAIRS = 24;

    /** Seconds and the process' memory are no matter of the prompt, and an infinite PSNR has no difference. */
    private static final Set<String> UNTESTED = Set.of("s", "MiB", "dB");

    /** A metric and how it is read from one prompt's fidelity; the times also exist for the full cache. */
    private record Reading(Metric metric, ToDoubleFunction<Fidelity> value, boolean ofFull) {
        boolean tested() {
            return !UNTESTED.contains(metric.unit());
        }
    }

    private String choices() {
        return ReportData.choices(result.geometry());
    }

    private List<Reading> readings() {
        List<Reading> readings = new ArrayList<>(comparing());
        if (result.full(Fidelity::aligned).count() > 0) {
            readings.add(alignment());
        }
        if (result.full(Fidelity::processPeak).count() > 0) {
            readings.add(processPeak());
        }
        return readings;
    }

    private static Reading processPeak() {
        return new Reading(
                new Metric(
                        "process peak",
                        "MiB",
                        false,
                        0,
                        "The most memory that the whole process occupied while it made the image: weights, heap and all."
                                + " What earlier images left in the heap is in it too."),
                fidelity -> fidelity.processPeak() / (1 << 20),
                true);
    }

    /** Of the image itself, not of its closeness to another: the full cache has one as well. */
    private static Reading alignment() {
        return new Reading(
                new Metric(
                        "alignment",
                        "",
                        true,
                        3,
                        "Share of what the caption of a scene says (background; colour, shape and place of every object)"
                                + " that the image shows."),
                Fidelity::aligned,
                true);
    }

    /** What is said of prompt alignment; empty where every prompt has one. */
    Optional<String> remark() {
        int scenes = result.full(Fidelity::aligned).count();
        int prompts = result.prompts().size();
        if (scenes == prompts) {
            return Optional.empty();
        }
        return Optional.of(
                scenes == 0
                        ? "Prompt alignment was not measured: no prompt describes a scene that the checker knows."
                        : "Prompt alignment is over the " + scenes + " of " + prompts
                                + " prompts that describe a scene that the checker knows.");
    }

    private List<Reading> comparing() {
        return List.of(
                new Reading(
                        new Metric(
                                "PSNR",
                                "dB",
                                true,
                                1,
                                "Peak signal-to-noise ratio of the image; infinite for an equal one."),
                        Fidelity::psnr,
                        false),
                new Reading(
                        new Metric("SSIM", "", true, 3, "Structural similarity of the image, 1 for an equal one."),
                        Fidelity::ssim,
                        false),
                new Reading(
                        new Metric(
                                "equal " + choices(),
                                "",
                                true,
                                3,
                                "Share of equal " + choices() + " over all steps, running freely."),
                        f -> f.overallAgreement(result.geometry()),
                        false),
                new Reading(
                        new Metric(
                                "KL",
                                choices().equals("bits") ? "nats/bit" : "nats/code",
                                false,
                                4,
                                "Divergence of the logits from the full cache's when both are fed the same " + choices()
                                        + "."),
                        f -> f.overallDivergence(result.geometry()),
                        false),
                new Reading(
                        new Metric("attention", "s", false, 3, "Seconds in self-attention for one image."),
                        Fidelity::attentionSeconds,
                        true),
                new Reading(
                        new Metric("image", "s", false, 3, "Seconds for one image, decoding included."),
                        Fidelity::seconds,
                        true));
    }

    ReportData.Fidelity fidelity() {
        List<FidelityPoint> points = new ArrayList<>();
        for (VariantInfo variant : result.variants()) {
            List<Measure> measures = readings().stream()
                    .map(r -> measure(result.summary(variant.name(), r.value())))
                    .toList();
            points.add(new FidelityPoint(variant.method(), variant.budget(), peak(of(variant.name())), measures));
        }
        List<Measure> full = new ArrayList<>();
        readings().forEach(r -> full.add(r.ofFull() ? measure(result.full(r.value())) : null));
        List<Metric> metrics = readings().stream().map(Reading::metric).toList();
        List<MethodTest> tests = readings().stream()
                .filter(Reading::tested)
                .flatMap(r -> MethodTests.of(result, r.metric().name(), r.value()).stream())
                .toList();
        return new ReportData.Fidelity(peak(PromptResult::full), true, metrics, full, points, tests);
    }

    List<BitAgreement> bits() {
        List<BitAgreement> all = new ArrayList<>();
        for (VariantInfo variant : result.variants()) {
            List<Measure> steps = new ArrayList<>();
            List<Measure> divergence = new ArrayList<>();
            int together = ReportData.stepsTogether(result.geometry());
            for (int s = 0; s < result.geometry().steps().size(); s += together) {
                int step = s;
                steps.add(measure(result.summary(variant.name(), f -> mean(f.agreement(), step, together))));
                divergence.add(measure(result.summary(variant.name(), f -> mean(f.divergence(), step, together))));
            }
            all.add(new BitAgreement(variant.name(), Shown.percent(variant.budget()), steps, divergence));
        }
        return all;
    }

    private static double mean(List<Double> bySteps, int from, int count) {
        return bySteps.subList(from, from + count).stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow();
    }

    /** The prompts whose images were all kept. */
    List<ImagePair> images() {
        List<ImagePair> pairs = new ArrayList<>();
        for (PromptResult prompt : result.prompts()) {
            pair(prompt).ifPresent(pairs::add);
            if (pairs.size() == MOST_PAIRS) {
                break;
            }
        }
        return pairs;
    }

    private Optional<ImagePair> pair(PromptResult prompt) {
        Path full = Evaluation.picture(folder, prompt.index(), "full");
        List<LabelledPicture> compressed = new ArrayList<>();
        for (VariantInfo variant : result.variants()) {
            Path file = Evaluation.picture(folder, prompt.index(), variant.name());
            if (!Files.isRegularFile(file)) {
                return Optional.empty();
            }
            double psnr = prompt.compressed().get(variant.name()).psnr();
            String remark =
                    psnr == Double.POSITIVE_INFINITY ? "the very same" : "PSNR " + Shown.number(psnr, 1) + " dB";
            compressed.add(new LabelledPicture(variant.name(), remark, PictureFile.read(file)));
        }
        return Files.isRegularFile(full)
                ? Optional.of(new ImagePair(prompt.prompt(), PictureFile.read(full), compressed))
                : Optional.empty();
    }

    private Function<PromptResult, Fidelity> of(String variant) {
        return prompt -> prompt.compressed().get(variant);
    }

    private long peak(Function<PromptResult, Fidelity> which) {
        return result.prompts().stream()
                .mapToLong(prompt -> which.apply(prompt).peakBytes())
                .max()
                .orElse(0);
    }

    /** One value has no spread; if all are infinite, so is the mean. */
    private static Measure measure(Summary summary) {
        boolean onlyInfinite = summary.count() == 0 && summary.infinite() > 0;
        return new Measure(
                onlyInfinite ? Double.POSITIVE_INFINITY : summary.mean(),
                summary.count() < 2 ? Double.NaN : summary.deviation(),
                summary.count(),
                summary.infinite());
    }
}
