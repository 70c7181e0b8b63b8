package org.headwise.schedules.methods;

import java.util.List;
import java.util.Map;
import org.headwise.analysis.Profile;
import org.headwise.files.Provenance;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Method;
import org.headwise.schedules.Option;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.Selector;

/** Baseline: every kv head keeps the newest tokens, those of the most recent scales, and nothing else. */
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
        return List.of();
    }

    @Override
    public Schedule plan(Profile profile, Budget budget, Map<String, String> options, Provenance provenance) {
        return new Schedule(
                profile.geometry(),
                name(),
                resolve(options),
                budget,
                TokenBudget.uniform(profile.geometry(), budget, new Selector.Recent(0)),
                provenance);
    }
}
