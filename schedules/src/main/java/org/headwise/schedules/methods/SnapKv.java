package org.headwise.schedules.methods;

import java.util.List;
import java.util.Map;
import org.headwise.analysis.Profile;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Method;
import org.headwise.schedules.Option;
import org.headwise.schedules.Placement;
import org.headwise.schedules.Schedule;

/**
 * Baseline: SnapKV (arXiv 2404.14469), applied after every step: the newest queries choose the tokens they attend to
 * most, as many in every layer.
 */
public final class SnapKv implements Method {
    @Override
    public String name() {
        return "snapkv";
    }

    @Override
    public String describe() {
        return "baseline: the tokens that the newest queries attend to most (arXiv 2404.14469)";
    }

    @Override
    public List<Option> options() {
        return ObservationOptions.ofBothKinds();
    }

    @Override
    public Schedule plan(Profile profile, Budget budget, Map<String, String> options, Provenance provenance) {
        Settings settings = new Settings(name(), resolve(options));
        Geometry geometry = profile.geometry();
        var selector = ObservationOptions.selector(settings, Placement.NEWEST);
        if (geometry.raster() != null) {
            int refresh = RasterOptions.refresh(settings, geometry);
            return RasterBudget.uniform(
                    geometry,
                    settings,
                    budget,
                    refresh,
                    "made from one choice to the next",
                    (tokens, promptKept) -> ObservationOptions.keeping(selector, tokens, promptKept, refresh),
                    provenance);
        }
        RasterOptions.unused(settings, options, geometry, RasterOptions.PROMPT, RasterOptions.REFRESH);
        return TokenBudget.uniform(geometry, settings, budget, selector, provenance);
    }
}
