package org.headwise.schedules.methods;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.headwise.analysis.Profile;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Method;
import org.headwise.schedules.Option;
import org.headwise.schedules.Placement;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.Selector;

/**
 * Baseline: PyramidKV (arXiv 2406.02069), applied after every step: SnapKV's choice, with capacities that fall evenly
 * from the first layer to the last. What a layer could not fill goes to the others.
 */
public final class PyramidKv implements Method {
    private static final String BETA = "beta";

    @Override
    public String name() {
        return "pyramidkv";
    }

    @Override
    public String describe() {
        return "baseline: snapkv with fewer tokens in later layers (arXiv 2406.02069)";
    }

    @Override
    public List<Option> options() {
        List<Option> options = ObservationOptions.ofBothKinds();
        options.add(new Option(BETA, "the last layer keeps one part in so many of the mean", "20"));
        return options;
    }

    @Override
    public Schedule plan(Profile profile, Budget budget, Map<String, String> options, Provenance provenance) {
        Settings settings = new Settings(name(), resolve(options));
        var selector = ObservationOptions.selector(settings, Placement.NEWEST);
        Geometry geometry = profile.geometry();
        double beta = settings.number(BETA, 1, ObservationOptions.MOST);
        if (geometry.raster() != null) {
            return raster(geometry, settings, selector, beta, budget, provenance);
        }
        RasterOptions.unused(settings, options, geometry, RasterOptions.PROMPT, RasterOptions.REFRESH);
        int mean = TokenBudget.perHead(budget, geometry);
        int[] perLayer =
                capacities(geometry.layers(), mean, Math.min(selector.window(), mean), beta, geometry.incomingTokens());
        return TokenBudget.constant(geometry, settings, budget, perLayer, selector, provenance);
    }

    private static Schedule raster(
            Geometry geometry,
            Settings settings,
            Selector.Observed selector,
            double beta,
            Budget budget,
            Provenance provenance) {
        boolean promptKept = RasterOptions.promptKept(settings);
        int refresh = RasterOptions.refresh(settings, geometry);
        List<Rule> rules = new ArrayList<>();
        if (!RasterBudget.keepsAll(budget, geometry, promptKept)) {
            int mean = RasterBudget.perHead(budget, geometry, refresh, "made from one choice to the next");
            // What is made between two choices stays in every layer, like the window.
            int[] perLayer = capacities(
                    geometry.layers(),
                    mean,
                    Math.min(selector.window() + refresh - 1, mean),
                    beta,
                    geometry.raster().tokens());
            for (int layer = 0; layer < perLayer.length; layer++) {
                rules.addAll(RasterBudget.layer(
                        geometry, layer, ObservationOptions.keeping(selector, perLayer[layer], promptKept, refresh)));
            }
        }
        return RasterBudget.schedule(geometry, settings, budget, rules, provenance);
    }

    /**
     * Tokens of each layer, {@code layers * mean} together or a few less: the window, and a number that falls from twice
     * the rest of the mean, less the last layer's, to one part in {@code beta} of it.
     *
     * @param most no layer can hold more
     */
    static int[] capacities(int layers, int mean, int window, double beta, int most) {
        double last = (mean - window) / beta;
        double first = 2 * (mean - window) - last;
        int[] tokens = new int[layers];
        for (int layer = 0; layer < layers; layer++) {
            double fallen = layers == 1 ? 0.5 : (double) layer / (layers - 1);
            tokens[layer] = Math.min(most, (int) Math.floor(window + first + (last - first) * fallen));
        }
        long rest = (long) layers * mean - Arrays.stream(tokens).asLongStream().sum();
        // Layer by layer, one token at a time would do; this gives every layer with room the same.
        while (rest > 0 && Arrays.stream(tokens).anyMatch(held -> held < most)) {
            long open = Arrays.stream(tokens).filter(held -> held < most).count();
            long each = Math.max(1, rest / open);
            for (int layer = 0; layer < layers && rest > 0; layer++) {
                int more = (int) Math.min(Math.min(each, rest), most - tokens[layer]);
                tokens[layer] += more;
                rest -= more;
            }
        }
        return tokens;
    }
}
