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
        return List.of(new Option(SEED, "of the random numbers", "0"));
    }

    @Override
    public Schedule plan(Profile profile, Budget budget, Map<String, String> options, Provenance provenance) {
        var settings = resolve(options);
        Selector selector = new Selector.Chance(new Settings(name(), settings).seed(SEED));
        return new Schedule(
                profile.geometry(),
                name(),
                settings,
                budget,
                TokenBudget.uniform(profile.geometry(), budget, selector),
                provenance);
    }
}
