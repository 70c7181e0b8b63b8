package org.headwise.reports;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.headwise.analysis.Profile;
import org.headwise.analysis.PromptProfiles;
import org.headwise.analysis.ScaleHeat;
import org.headwise.analysis.Statistic;
import org.headwise.analysis.Statistics;
import org.headwise.attention.FullCache;
import org.headwise.calibrate.CombinedObserver;
import org.headwise.calibrate.Sums;
import org.headwise.datasets.BundledModels;
import org.headwise.datasets.PromptSets;
import org.headwise.files.Progress;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.model.ImageModel;
import org.headwise.model.Models;
import org.headwise.model.Request;
import org.headwise.model.Sampling;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.evaluate.Evaluation;
import org.headwise.schedules.evaluate.EvaluationResult;
import org.headwise.schedules.evaluate.Variant;
import org.headwise.schedules.methods.HeatKv;
import org.headwise.schedules.methods.HeatOrders;
import org.headwise.schedules.runtime.CompressedCache;
import org.headwise.schedules.runtime.Storage;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;

/** The bundled mini model, really calibrated, planned for and evaluated over a few prompts. */
final class MiniRun {
    private static final Sampling SAMPLING = new Sampling(3, 1, 0, 0);
    private static final int ROWS = 2;

    private MiniRun() {}

    /** What a report is made of, and the profiles of single prompts behind it. */
    record Made(ReportSources sources, PromptProfiles prompts) {}

    static Made run(Path folder, int calibration, int evaluation, List<String> budgets) throws Exception {
        Path files = BundledModels.find("infinity-mini")
                .orElseGet(() ->
                        BundledModels.folder().resolve(BundledModels.names().getFirst()));
        try (Engine engine = Engine.vector(2);
                ImageModel model = Models.open(files, engine, DType.F32)) {
            Geometry geometry = model.geometry();
            PromptProfiles profile = profile(model, geometry, calibration);
            List<ReportSources.Planned> planned = new ArrayList<>();
            List<Variant> variants = new ArrayList<>();
            ScaleHeat heat = profile.whole().statistic(ScaleHeat.class);
            HeatOrders orders = HeatOrders.of(
                    heat.scores(2),
                    geometry.layers(),
                    geometry.heads(),
                    geometry.steps().size(),
                    2);
            for (String text : budgets) {
                Budget budget = Budget.parse(text);
                Schedule schedule = HeatKv.plan(geometry, orders, budget, 2, made("schedule"));
                String name = "heatkv " + budget.percent();
                planned.add(new ReportSources.Planned(name, schedule, ROWS, Float.BYTES));
                variants.add(
                        new Variant(name, "heatkv", budget.share(), () -> new CompressedCache(schedule, Storage.F32)));
            }
            List<String> fresh = PromptSets.find("scenes-evaluation")
                    .orElseThrow()
                    .limit(evaluation)
                    .prompts();
            EvaluationResult result = new Evaluation(
                            model, fresh, SAMPLING, 1000, variants, folder, 4, made("evaluate"))
                    .run(Progress.NONE, () -> false);
            ReportSources sources = new ReportSources(
                    "HeatKV on the bundled mini Infinity",
                    files.getFileName().toString(),
                    geometry,
                    Optional.of(profile.whole()),
                    planned,
                    Optional.of(new ReportSources.Evaluated(result, folder)),
                    Optional.of(StabilityReading.of(profile, 2, 0.5, 200, 7)),
                    List.of());
            return new Made(sources, profile);
        }
    }

    private static PromptProfiles profile(ImageModel model, Geometry geometry, int prompts) {
        List<String> seen = PromptSets.find("scenes-calibration")
                .orElseThrow()
                .limit(prompts)
                .prompts();
        List<Map<String, Sums>> perPrompt = new ArrayList<>();
        for (int i = 0; i < seen.size(); i++) {
            List<Statistic> statistics = Statistics.all(geometry);
            Request request = Request.of(List.of(seen.get(i)), List.of((long) i), SAMPLING);
            try (FullCache cache = new FullCache()) {
                model.generate(request, cache, new CombinedObserver(List.copyOf(statistics)));
            }
            Map<String, Sums> own = new TreeMap<>();
            statistics.forEach(s -> own.put(s.name(), s.sums()));
            perPrompt.add(own);
        }
        List<Statistic> totals = Statistics.all(geometry);
        for (Statistic total : totals) {
            perPrompt.forEach(own -> total.sums().add(own.get(total.name())));
        }
        Profile whole = new Profile(geometry, made("calibrate"), seen.size(), totals);
        return PromptProfiles.of(
                whole, seen, (prompt, statistic) -> perPrompt.get(prompt).get(statistic));
    }

    private static Provenance made(String verb) {
        return new Provenance(
                "headwise test",
                List.of("headwise", verb),
                new TreeMap<>(Map.of("guidance", "3.0")),
                List.of(new Provenance.Input("infinity.safetensors", 1, "00".repeat(32))),
                Map.of("prompts", 1L));
    }
}
