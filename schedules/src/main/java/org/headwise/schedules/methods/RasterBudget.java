package org.headwise.schedules.methods;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.headwise.files.InputRefused;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.schedules.Budget;
import org.headwise.schedules.HeadKeeps;
import org.headwise.schedules.Keeping;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;

/**
 * What methods have in common on raster models. A budget is a share of the image's tokens, held between two steps; the
 * step's own token comes on top, as the step of a layer does in next-scale models.
 */
final class RasterBudget {
    private RasterBudget() {}

    /** The same share, of image tokens. */
    static Budget of(Budget budget) {
        return new Budget(budget.share(), Budget.Meaning.IMAGE_TOKENS);
    }

    /**
     * Whether the budget takes nothing away: the last step reads the last token but one, and finds those before it. The
     * whole budget keeps everything, a competing prompt too.
     */
    static boolean keepsAll(Budget budget, Geometry geometry, boolean promptKept) {
        return budget.share() == 1
                || promptKept
                        && of(budget).imageTokens(geometry) >= geometry.raster().tokens() - 2;
    }

    /**
     * Tokens that every kv head may hold, if all hold the same.
     *
     * @param least fewer cannot be planned
     * @param why what needs them, for the message
     */
    static int perHead(Budget budget, Geometry geometry, int least, String why) {
        int tokens = of(budget).imageTokens(geometry);
        if (tokens < least) {
            // A share of half a token less is rounded up to it.
            BigDecimal smallest = BigDecimal.valueOf(least - 0.5)
                    .divide(BigDecimal.valueOf(geometry.raster().tokens()), 12, RoundingMode.CEILING);
            throw new InputRefused("budget " + budget.percent() + " leaves " + tokens + " of "
                    + geometry.raster().tokens() + " image tokens a kv head, fewer than the " + least + " " + why
                    + "; the smallest feasible budget is "
                    + smallest.stripTrailingZeros().toPlainString());
        }
        return tokens;
    }

    /** The newest tokens so that {@code held} of them, the first ones included, stay between two steps. */
    static Keeping newest(int first, int held, boolean promptKept, boolean renumbered) {
        return new Keeping.Newest(first, held - first + 1, promptKept, renumbered);
    }

    /** What a kv head keeps if so many tokens of it stay. */
    @FunctionalInterface
    interface OfTokens {
        Keeping keep(int tokens, boolean promptKept);
    }

    /**
     * A schedule under which all kv heads keep the same.
     *
     * @param settings of a method that has {@link RasterOptions#PROMPT}
     * @param least fewer tokens cannot be planned
     * @param why what needs them, for the message
     */
    static Schedule uniform(
            Geometry geometry,
            Settings settings,
            Budget budget,
            int least,
            String why,
            OfTokens keeping,
            Provenance provenance) {
        boolean promptKept = RasterOptions.promptKept(settings);
        List<Rule> rules = new ArrayList<>();
        if (!keepsAll(budget, geometry, promptKept)) {
            Keeping each = keeping.keep(perHead(budget, geometry, least, why), promptKept);
            for (int layer = 0; layer < geometry.layers(); layer++) {
                rules.addAll(layer(geometry, layer, each));
            }
        }
        return schedule(geometry, settings, budget, rules, provenance);
    }

    /** A schedule of these rules, its budget meant as a share of image tokens. */
    static Schedule schedule(
            Geometry geometry, Settings settings, Budget budget, List<Rule> rules, Provenance provenance) {
        return new Schedule(
                geometry, settings.method(), new TreeMap<>(settings.values()), of(budget), rules, provenance);
    }

    /** Every kv head of a layer keeps the same. */
    static List<Rule> layer(Geometry geometry, int layer, Keeping keeping) {
        return IntStream.range(0, geometry.kvHeads())
                .<Rule>mapToObj(head -> new HeadKeeps(layer, head, keeping))
                .toList();
    }

    /** Refuses a method that is for next-scale models only. */
    static void refuse(Geometry geometry, String method, String why) {
        if (geometry.raster() != null) {
            throw new InputRefused(method + " " + why + ", but " + geometry.family()
                    + " makes its image token by token; plan with ssd or a baseline (see: headwise methods)");
        }
    }
}
