package org.headwise.schedules.methods;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.headwise.analysis.Profile;
import org.headwise.files.InputRefused;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.schedules.Budget;
import org.headwise.schedules.HeadKeeps;
import org.headwise.schedules.Keeping;
import org.headwise.schedules.Method;
import org.headwise.schedules.Option;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;

/**
 * SSD (arXiv 2510.18716) for raster models: heads that look around the token at hand, the spatial ones, keep the newest
 * tokens; the others, the semantic ones, keep those attended most so far, with no window of newest tokens. Heads are
 * told apart once, offline. The paper leaves much open; what is read into it is an option each, see
 * {@code docs/methods/ssd.md}.
 */
public final class Ssd implements Method {
    /** Name of the method in files and on the command line. */
    public static final String NAME = "ssd";

    static final String SPLIT = "split";
    static final String SPATIAL = "spatial";
    static final String THRESHOLD = "threshold";
    static final String W = "w";
    static final String M = "m";
    /** Let the budget decide. */
    static final String BUDGET = "budget";

    /** How heads are told apart by their scores. */
    enum Split {
        /** A share of the heads is spatial. */
        SHARE,
        /** Semantic is what has a higher score. */
        THRESHOLD,
        /** As many of the kind that keeps more as the budget allows. */
        BUDGET
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String describe() {
        return "raster: a window for heads that look around, heavy hitters for the others (arXiv 2510.18716)";
    }

    @Override
    public List<Option> options() {
        List<Option> options = new ArrayList<>(SsdScore.OPTIONS);
        options.addAll(List.of(
                new Option(SPLIT, "heads are told apart by share, threshold, or budget (as many as fit)", "share"),
                new Option(
                        SPATIAL,
                        "split share: part of the kv heads, those with the lowest scores, that is spatial",
                        "0.5"),
                new Option(THRESHOLD, "split threshold: the score above which a head is semantic", "0.5"),
                new Option(W, "tokens that a spatial head keeps; budget: what the budget leaves it", BUDGET),
                new Option(
                        M, "tokens that a semantic head keeps, the newest included; budget: what it leaves it", BUDGET),
                RasterOptions.prompt(RasterOptions.Prompt.KEPT),
                RasterOptions.rows(),
                RasterOptions.refresh()));
        return options;
    }

    @Override
    public Schedule plan(Profile profile, Budget budget, Map<String, String> options, Provenance provenance) {
        Settings settings = new Settings(NAME, resolve(options));
        Geometry geometry = profile.geometry();
        if (geometry.raster() == null) {
            throw new InputRefused("ssd tells heads apart by where they look on the image, token by token, but "
                    + geometry.family() + " is a next-scale model; plan with heatkv, scalekv or a baseline"
                    + " (see: headwise methods)");
        }
        boolean promptKept = RasterOptions.promptKept(settings);
        List<Rule> rules = RasterBudget.keepsAll(budget, geometry, promptKept)
                ? List.of()
                : rules(profile, settings, budget, promptKept);
        return RasterBudget.schedule(geometry, settings, budget, rules, provenance);
    }

    private static List<Rule> rules(Profile profile, Settings settings, Budget budget, boolean promptKept) {
        Geometry geometry = profile.geometry();
        int refresh = RasterOptions.refresh(settings, geometry);
        boolean paired = RasterOptions.paired(settings);
        int mean = RasterBudget.perHead(budget, geometry, 1, "token that there has to be");
        SsdSizes asked = new SsdSizes(size(settings, W, geometry), size(settings, M, geometry));
        HeadClasses classes = classes(profile, settings, asked, mean);
        SsdSizes sizes = asked.within(classes, mean, geometry.raster().tokens());
        if (sizes.best() < refresh && classes.semanticHeads() > 0) {
            throw new InputRefused("ssd: semantic heads keep " + sizes.best() + " tokens, fewer than the " + refresh
                    + " made from one choice to the next; choose more often, or give a larger budget");
        }
        Keeping spatial = RasterBudget.newest(0, sizes.window(), promptKept, false);
        // No window: the newest token is sure of its place for one step only.
        Keeping semantic = new Keeping.Heaviest(Math.max(0, sizes.best() - refresh), 1, promptKept, paired, refresh);
        List<Rule> rules = new ArrayList<>();
        for (int layer = 0; layer < geometry.layers(); layer++) {
            for (int head = 0; head < geometry.kvHeads(); head++) {
                rules.add(new HeadKeeps(layer, head, classes.isSemantic(geometry, layer, head) ? semantic : spatial));
            }
        }
        return rules;
    }

    private static HeadClasses classes(Profile profile, Settings settings, SsdSizes asked, int mean) {
        double[] scores = SsdScore.ofKvHeads(profile, settings);
        return switch (settings.constant(SPLIT, Split.values())) {
            // Half of an odd number of heads: the smaller half is spatial.
            case SHARE -> HeadClasses.lowest(scores, (int) (settings.number(SPATIAL, 0, 1) * scores.length));
            case THRESHOLD -> HeadClasses.above(scores, settings.number(THRESHOLD, 0, 1));
            case BUDGET -> HeadClasses.lowest(scores, asked.spatialHeads(scores.length, mean));
        };
    }

    private static int size(Settings settings, String name, Geometry geometry) {
        return settings.values().get(name).equals(BUDGET)
                ? SsdSizes.OPEN
                : settings.whole(name, 1, geometry.raster().tokens());
    }
}
