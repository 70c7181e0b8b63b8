package org.headwise.schedules.methods;

import java.util.List;
import java.util.Map;
import org.headwise.analysis.Profile;
import org.headwise.files.Provenance;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Method;
import org.headwise.schedules.Option;
import org.headwise.schedules.Placement;
import org.headwise.schedules.Schedule;

/** Baseline: every layer keeps the same number of tokens after every scale, chosen as ScaleKV's paper chooses them. */
public final class Uniform implements Method {
    @Override
    public String name() {
        return "uniform";
    }

    @Override
    public String describe() {
        return "baseline: as many tokens in every layer after every scale, chosen as by scalekv";
    }

    @Override
    public List<Option> options() {
        return ObservationOptions.OPTIONS;
    }

    @Override
    public Schedule plan(Profile profile, Budget budget, Map<String, String> options, Provenance provenance) {
        Settings settings = new Settings(name(), resolve(options));
        var selector = ObservationOptions.selector(settings, Placement.PATCHES);
        RasterBudget.refuse(profile.geometry(), name(), "chooses by windows that lie on the grids of scales");
        return TokenBudget.uniform(profile.geometry(), settings, budget, selector, provenance);
    }
}
