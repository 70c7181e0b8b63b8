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

/** Baseline: every kv head keeps any tokens: what a method gains by choosing is seen against this one. */
public final class RandomTokens implements Method {
    private static final String SEED = "seed";

    @Override
    public String name() {
        return "random";
    }

    @Override
    public String describe() {
        return "baseline: any tokens";
    }

    @Override
    public List<Option> options() {
        return List.of(new Option(SEED, "of the random numbers", "0"), RasterOptions.prompt(RasterOptions.Prompt.KEPT));
    }

    @Override
    public Schedule plan(Profile profile, Budget budget, Map<String, String> options, Provenance provenance) {
        Settings settings = new Settings(name(), resolve(options));
        Geometry geometry = profile.geometry();
        long seed = settings.seed(SEED);
        if (geometry.raster() != null) {
            return RasterBudget.uniform(
                    geometry,
                    settings,
                    budget,
                    1,
                    "token that there has to be",
                    (tokens, promptKept) -> new Keeping.Chance(tokens, seed, promptKept),
                    provenance);
        }
        RasterOptions.unused(settings, options, geometry, RasterOptions.PROMPT);
        return TokenBudget.uniform(geometry, settings, budget, new Selector.Chance(seed), provenance);
    }
}
