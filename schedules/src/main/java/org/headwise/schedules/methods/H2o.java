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

/** Baseline: H2O (arXiv 2306.14048), applied after every scale: the newest tokens, and the heavy hitters. */
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
        return List.of(new Option(RECENT, "part of the tokens that goes to the newest, 0 to 1", "0.5"));
    }

    @Override
    public Schedule plan(Profile profile, Budget budget, Map<String, String> options, Provenance provenance) {
        var settings = resolve(options);
        double part = new Settings(name(), settings).number(RECENT, 0, 1);
        int recent = (int) Math.floor(part * TokenBudget.perHead(budget, profile.geometry()));
        return new Schedule(
                profile.geometry(),
                name(),
                settings,
                budget,
                TokenBudget.uniform(profile.geometry(), budget, new Selector.HeavyHitters(recent)),
                provenance);
    }
}
