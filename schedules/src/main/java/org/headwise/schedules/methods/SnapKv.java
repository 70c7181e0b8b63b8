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

/**
 * Baseline: SnapKV (arXiv 2404.14469), applied after every scale: the newest queries choose the tokens they attend to
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
        return ObservationOptions.OPTIONS;
    }

    @Override
    public Schedule plan(Profile profile, Budget budget, Map<String, String> options, Provenance provenance) {
        var settings = resolve(options);
        var selector = ObservationOptions.selector(new Settings(name(), settings), Placement.NEWEST);
        return new Schedule(
                profile.geometry(),
                name(),
                settings,
                budget,
                TokenBudget.uniform(profile.geometry(), budget, selector),
                provenance);
    }
}
