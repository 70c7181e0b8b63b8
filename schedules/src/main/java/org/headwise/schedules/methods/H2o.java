package org.headwise.schedules.methods;

import java.util.List;
import java.util.Map;
import org.headwise.analysis.Profile;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Keeping;
import org.headwise.schedules.Method;
import org.headwise.schedules.Option;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.Selector;

/** Baseline: H2O (arXiv 2306.14048), applied after every step: the newest tokens, and the heavy hitters. */
public final class H2o implements Method {
    private static final String RECENT = "recent";

    @Override
    public String name() {
        return "h2o";
    }

    @Override
    public String describe() {
        return "baseline: the newest tokens and those that received most attention so far (arXiv 2306.14048)";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option(RECENT, "part of the tokens that goes to the newest, 0 to 1", "0.5"),
                RasterOptions.prompt(RasterOptions.Prompt.KEPT),
                RasterOptions.rows(),
                RasterOptions.refresh());
    }

    @Override
    public Schedule plan(Profile profile, Budget budget, Map<String, String> options, Provenance provenance) {
        Settings settings = new Settings(name(), resolve(options));
        double part = settings.number(RECENT, 0, 1);
        if (profile.geometry().raster() != null) {
            return raster(profile.geometry(), settings, part, budget, provenance);
        }
        RasterOptions.unused(
                settings, options, profile.geometry(), RasterOptions.PROMPT, RasterOptions.ROWS, RasterOptions.REFRESH);
        int recent = (int) Math.floor(part * TokenBudget.perHead(budget, profile.geometry()));
        return TokenBudget.uniform(profile.geometry(), settings, budget, new Selector.HeavyHitters(recent), provenance);
    }

    private static Schedule raster(
            Geometry geometry, Settings settings, double part, Budget budget, Provenance provenance) {
        int refresh = RasterOptions.refresh(settings, geometry);
        boolean paired = RasterOptions.paired(settings);
        return RasterBudget.uniform(
                geometry,
                settings,
                budget,
                refresh,
                "made from one choice to the next",
                (tokens, promptKept) -> {
                    int chosen = tokens - (refresh - 1);
                    int recent = (int) Math.floor(part * chosen);
                    return new Keeping.Heaviest(chosen - recent, recent, promptKept, paired, refresh);
                },
                provenance);
    }
}
