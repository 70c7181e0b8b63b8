package org.headwise.schedules.methods;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.headwise.analysis.Profile;
import org.headwise.analysis.Selectivity;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Capacity;
import org.headwise.schedules.Method;
import org.headwise.schedules.Option;
import org.headwise.schedules.Placement;
import org.headwise.schedules.Pooling;
import org.headwise.schedules.ReleasedTrait;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.Selector;

/**
 * ScaleKV (arXiv 2505.19602): at every scale a few layers, the drafters, look around and keep much; the others, the
 * refiners, look at few tokens and share what is left. Tokens are chosen by the attention of an observation window.
 */
public final class ScaleKv implements Method {
    /** Name of the method in files and on the command line. */
    public static final String NAME = "scalekv";

    static final String DRAFTERS = "drafters";
    static final String TOP = "top";
    static final String ALLOCATION = "allocation";
    static final String START = "start";
    static final String DECAY = "decay";
    static final String FLOOR = "floor";
    static final String SELECTION = "selection";
    static final String TRAITS = "traits";
    /** No trait at all. */
    static final String NONE = "none";
    /** Let the selection decide. */
    static final String USUAL = "usual";

    /** How tokens are chosen. */
    public enum Selection {
        PAPER,
        RELEASED
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String describe() {
        return "lets layers that look around keep more tokens than those that do not (arXiv 2505.19602)";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option(DRAFTERS, "pairs of layer and scale that are drafters: a number, or a share like 6%", "6%"),
                new Option(TOP, "keys liked most that the selectivity counts (K'): 1, 8 or 32", "8"),
                new Option(
                        ALLOCATION, "paper: refiners on a falling line; released: as in the released files", "paper"),
                new Option(
                        START,
                        "paper: what refiners keep at the first scale that is cut, as a part of the mean",
                        "0.92"),
                new Option(DECAY, "paper: by how much that falls from scale to scale, as a part of the mean", "0.11"),
                new Option(FLOOR, "the least that refiners keep, as a part of the mean", "0.305"),
                new Option(SELECTION, "how tokens are chosen: paper, or released for the released code's way", "paper"),
                new Option(
                        TRAITS,
                        "with selection paper: what is done as in the released code all the same, of bare_queries,"
                                + " raw_scores, hidden_window and divided_patches, with commas between",
                        NONE),
                ObservationOptions.WINDOW_OPTION,
                ObservationOptions.KERNEL_OPTION,
                new Option(
                        ObservationOptions.POOLING,
                        "average or max; usual: average for the paper's selection, max for the released",
                        USUAL));
    }

    @Override
    public Schedule plan(Profile profile, Budget budget, Map<String, String> options, Provenance provenance) {
        RasterBudget.refuse(profile.geometry(), NAME, "shares tokens out over scales");
        var resolved = resolve(options);
        Settings settings = new Settings(NAME, resolved);
        Geometry geometry = profile.geometry();
        int mean = TokenBudget.perHead(budget, geometry);
        double[] z = profile.statistic(Selectivity.class).zScores(settings.whole(TOP, 1, ObservationOptions.MOST));
        ScaleKvShares shares = new ScaleKvShares(
                settings.constant(ALLOCATION, ScaleKvShares.Allocation.values()),
                mean,
                settings.number(START, 0, 1),
                settings.number(DECAY, 0, 1),
                settings.number(FLOOR, 0, 1));
        int first = shares.firstCut(geometry);
        DrafterLayers drafters = DrafterLayers.of(geometry, z, first, drafters(settings, geometry, first));
        Selector selector = selector(settings, mean);
        return new Schedule(
                geometry,
                NAME,
                resolved,
                new Budget(budget.share(), Budget.Meaning.BETWEEN_STEPS),
                rules(geometry, shares.capacities(geometry, drafters), selector),
                provenance);
    }

    /** How the released code chooses tokens; its base is left open, at 0, since it depends on the budget. */
    public static Selector.Released releasedSelection() {
        return new Selector.Released(16, 0, 5, Pooling.MAX, ScaleKvTable.RELEASED_LAST_STEP);
    }

    /** @param capacities [steps][layers]; null for steps at which nothing is cut */
    static List<Rule> rules(Geometry geometry, int[][] capacities, Selector selector) {
        List<Rule> rules = new ArrayList<>();
        for (int step = 0; step < capacities.length; step++) {
            for (int layer = 0; capacities[step] != null && layer < geometry.layers(); layer++) {
                rules.add(new Capacity(step, layer, capacities[step][layer], selector));
            }
        }
        return rules;
    }

    private static int drafters(Settings settings, Geometry geometry, int first) {
        int pairs = Math.max(0, geometry.steps().size() - 1 - first) * geometry.layers();
        String text = settings.values().get(DRAFTERS);
        if (!text.endsWith("%")) {
            return settings.whole(DRAFTERS, 0, ObservationOptions.MOST);
        }
        return (int) Math.round(Budget.parse(text).share() * pairs);
    }

    private static Selector selector(Settings settings, int mean) {
        Selection selection = settings.constant(SELECTION, Selection.values());
        boolean usual = settings.values().get(ObservationOptions.POOLING).equals(USUAL);
        int window = settings.whole(ObservationOptions.WINDOW, 1, ObservationOptions.MOST);
        int kernel = settings.whole(ObservationOptions.KERNEL, 1, ObservationOptions.MOST);
        if (kernel % 2 == 0) {
            throw settings.refused(ObservationOptions.KERNEL, "an odd number");
        }
        Set<ReleasedTrait> traits = traits(settings);
        if (selection == Selection.RELEASED && !traits.isEmpty()) {
            throw settings.refused(TRAITS, NONE + " with selection released, which has all of them");
        }
        return switch (selection) {
            case PAPER ->
                new Selector.Observed(
                        Placement.PATCHES, window, kernel, usual ? Pooling.AVERAGE : pooling(settings), traits);
            case RELEASED ->
                new Selector.Released(
                        window,
                        Math.max(1, mean),
                        kernel,
                        usual ? Pooling.MAX : pooling(settings),
                        ScaleKvTable.RELEASED_LAST_STEP);
        };
    }

    private static Set<ReleasedTrait> traits(Settings settings) {
        String text = settings.values().get(TRAITS);
        Set<ReleasedTrait> traits = EnumSet.noneOf(ReleasedTrait.class);
        for (String name : text.equals(NONE) ? new String[0] : text.split(",", -1)) {
            traits.add(Stream.of(ReleasedTrait.values())
                    .filter(trait -> Settings.text(trait).equals(name))
                    .findFirst()
                    .orElseThrow(() -> settings.refused(
                            TRAITS,
                            NONE + ", or some of "
                                    + String.join(
                                            ", ",
                                            Stream.of(ReleasedTrait.values())
                                                    .map(Settings::text)
                                                    .toList()))));
        }
        return traits;
    }

    private static Pooling pooling(Settings settings) {
        return settings.constant(ObservationOptions.POOLING, Pooling.values());
    }
}
