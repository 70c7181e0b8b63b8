package org.headwise.schedules.methods;

import java.util.List;
import java.util.Map;
import org.headwise.analysis.Profile;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Method;
import org.headwise.schedules.Option;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.Selector;

/** Baseline: every kv head keeps the newest tokens, and nothing else but, in raster models, the prompt. */
public final class Window implements Method {
    @Override
    public String name() {
        return "window";
    }

    @Override
    public String describe() {
        return "baseline: the newest tokens";
    }

    @Override
    public List<Option> options() {
        return List.of(RasterOptions.prompt(RasterOptions.Prompt.KEPT));
    }

    @Override
    public Schedule plan(Profile profile, Budget budget, Map<String, String> options, Provenance provenance) {
        Settings settings = new Settings(name(), resolve(options));
        Geometry geometry = profile.geometry();
        if (geometry.raster() != null) {
            return RasterBudget.uniform(
                    geometry,
                    settings,
                    budget,
                    1,
                    "token that a window needs",
                    (tokens, promptKept) -> RasterBudget.newest(0, tokens, promptKept, false),
                    provenance);
        }
        RasterOptions.unused(settings, options, geometry, RasterOptions.PROMPT);
        return TokenBudget.uniform(geometry, settings, budget, new Selector.Recent(0), provenance);
    }
}
