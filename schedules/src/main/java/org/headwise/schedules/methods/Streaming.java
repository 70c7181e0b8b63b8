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

/**
 * Baseline: StreamingLLM (arXiv 2309.17453): the first tokens stay, and the newest ones. In next-scale models the first
 * tokens are those of the first scales; in raster models they are the beginning of the prompt.
 */
public final class Streaming implements Method {
    static final String FIRST = "first";
    static final String SINK = "sink";
    static final String POSITIONS = "positions";

    /** What queries and keys are rotated by. */
    enum Positions {
        ABSOLUTE,
        RENUMBERED
    }

    @Override
    public String name() {
        return "streaming";
    }

    @Override
    public String describe() {
        return "baseline: the first tokens and the newest ones (arXiv 2309.17453)";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option(FIRST, "next-scale: scales, counted from the first, that stay", "2"),
                new Option(SINK, "raster: tokens, counted from the first of the prompt, that stay", "4"),
                new Option(
                        POSITIONS,
                        "raster: absolute, or renumbered over the tokens that are held, as StreamingLLM does",
                        "absolute"),
                RasterOptions.prompt(RasterOptions.Prompt.COMPETING));
    }

    @Override
    public Schedule plan(Profile profile, Budget budget, Map<String, String> options, Provenance provenance) {
        Settings settings = new Settings(name(), resolve(options));
        Geometry geometry = profile.geometry();
        if (geometry.raster() != null) {
            RasterOptions.unused(settings, options, geometry, FIRST);
            return raster(geometry, settings, budget, provenance);
        }
        RasterOptions.unused(settings, options, geometry, SINK, POSITIONS, RasterOptions.PROMPT);
        int scales = settings.whole(FIRST, 0, geometry.steps().size() - 1);
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
        return TokenBudget.uniform(geometry, settings, budget, new Selector.Recent(first), provenance);
    }

    private static Schedule raster(Geometry geometry, Settings settings, Budget budget, Provenance provenance) {
        boolean renumbered = settings.constant(POSITIONS, Positions.values()) == Positions.RENUMBERED;
        // A prompt that is kept has the sink in it.
        int sink = RasterOptions.promptKept(settings)
                ? 0
                : settings.whole(SINK, 0, geometry.raster().tokens());
        return RasterBudget.uniform(
                geometry,
                settings,
                budget,
                sink + 1,
                "of the sink and a window",
                (tokens, promptKept) -> RasterBudget.newest(sink, tokens, promptKept, renumbered),
                provenance);
    }
}
