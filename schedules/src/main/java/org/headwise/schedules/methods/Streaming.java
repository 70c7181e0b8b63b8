package org.headwise.schedules.methods;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import org.headwise.analysis.Profile;
import org.headwise.files.InputRefused;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Method;
import org.headwise.schedules.Option;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.Selector;

/** Baseline: StreamingLLM (arXiv 2309.17453) for scales: the tokens of the first scales stay, and the newest tokens. */
public final class Streaming implements Method {
    static final String FIRST = "first";

    @Override
    public String name() {
        return "streaming";
    }

    @Override
    public String describe() {
        return "baseline: the tokens of the first scales and the newest ones (arXiv 2309.17453)";
    }

    @Override
    public List<Option> options() {
        return List.of(new Option(FIRST, "scales, counted from the first, that stay", "2"));
    }

    @Override
    public Schedule plan(Profile profile, Budget budget, Map<String, String> options, Provenance provenance) {
        var settings = resolve(options);
        Geometry geometry = profile.geometry();
        int scales =
                new Settings(name(), settings).whole(FIRST, 0, geometry.steps().size() - 1);
        int first = geometry.firstToken(scales);
        int tokens = TokenBudget.perHead(budget, geometry);
        if (tokens < first) {
            BigDecimal least = BigDecimal.valueOf(first)
                    .divide(BigDecimal.valueOf(geometry.incomingTokens()), 12, RoundingMode.CEILING);
            throw new InputRefused(
                    "budget " + budget.percent() + " leaves " + tokens + " tokens a kv head, fewer than the "
                            + first + " of the first " + scales + " scales; the smallest feasible budget is "
                            + least.stripTrailingZeros().toPlainString());
        }
        return new Schedule(
                geometry,
                name(),
                settings,
                budget,
                TokenBudget.uniform(geometry, budget, new Selector.Recent(first)),
                provenance);
    }
}
