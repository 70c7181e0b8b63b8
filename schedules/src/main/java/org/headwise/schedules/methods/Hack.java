package org.headwise.schedules.methods;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.headwise.analysis.ColumnVariance;
import org.headwise.analysis.Profile;
import org.headwise.files.InputRefused;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Capacity;
import org.headwise.schedules.Method;
import org.headwise.schedules.Option;
import org.headwise.schedules.Placement;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.Selector;

/**
 * HACK (arXiv 2504.09261) without its merging of keys: heads all of whose queries look at the same keys, the contextual
 * ones, keep few tokens, the structural ones share the rest. Heads are told apart by the variance of the columns of their
 * attention at the last scale, ranked over all layers.
 */
public final class Hack implements Method {
    static final String ALPHA = "alpha";
    static final String CONTEXTUAL = "contextual";
    static final String QUERIES = "queries";
    static final String PLACEMENT = "placement";
    static final String INITIAL = "initial";

    @Override
    public String name() {
        return "hack";
    }

    @Override
    public String describe() {
        return "few tokens for heads whose queries all look at the same keys (arXiv 2504.09261, without merging)";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option(ALPHA, "part of the heads that is contextual, 0 to 1", "0.5"),
                new Option(CONTEXTUAL, "what a contextual head keeps, as a part of the mean", "0.2"),
                new Option(QUERIES, "queries of a scale whose attention is looked at", "16"),
                new Option(PLACEMENT, "where they lie: patches, in the middle of equal ones, or newest", "patches"),
                new Option(INITIAL, "first tokens that a structural head keeps in any case", "5"));
    }

    @Override
    public Schedule plan(Profile profile, Budget budget, Map<String, String> options, Provenance provenance) {
        RasterBudget.refuse(profile.geometry(), name(), "chooses among the tokens of scales");
        var resolved = resolve(options);
        Settings settings = new Settings(name(), resolved);
        Geometry geometry = profile.geometry();
        Placement placement = settings.constant(PLACEMENT, Placement.values());
        int queries = settings.whole(QUERIES, 1, ObservationOptions.MOST);
        int initial = settings.whole(INITIAL, 0, ObservationOptions.MOST);
        double alpha = settings.number(ALPHA, 0, 1);
        BitSet contextual = contextual(geometry, profile.statistic(ColumnVariance.class), alpha);
        Share share = share(
                geometry.layers() * geometry.kvHeads(),
                contextual.cardinality(),
                TokenBudget.perHead(budget, geometry),
                settings.number(CONTEXTUAL, 0, 1),
                geometry.incomingTokens());
        Selector few = new Selector.Sampled(placement, queries, 0, false);
        Selector many = new Selector.Sampled(placement, queries, initial, true);
        List<Rule> rules = new ArrayList<>();
        for (int step = 0; step < geometry.steps().size() - 1; step++) {
            for (int head = 0; head < geometry.layers() * geometry.kvHeads(); head++) {
                int tokens = contextual.get(head) ? share.contextual : share.structural;
                if (geometry.firstToken(step + 1) > tokens) {
                    rules.add(new Capacity(
                            step,
                            head / geometry.kvHeads(),
                            head % geometry.kvHeads(),
                            tokens,
                            contextual.get(head) ? few : many));
                }
            }
        }
        return new Schedule(geometry, name(), resolved, budget, rules, provenance);
    }

    /**
     * The kv heads, counted over all layers, whose columns vary least; of equal ones the first. Heads that share a kv head
     * count with their mean.
     */
    static BitSet contextual(Geometry geometry, ColumnVariance statistic, double alpha) {
        double[] variance = statistic.variance();
        int group = geometry.heads() / geometry.kvHeads();
        double[] ofKvHead = new double[geometry.layers() * geometry.kvHeads()];
        for (int head = 0; head < variance.length; head++) {
            ofKvHead[head / group] += variance[head] / group;
        }
        for (int head = 0; head < ofKvHead.length; head++) {
            if (!Double.isFinite(ofKvHead[head])) {
                throw new InputRefused("layer " + head / geometry.kvHeads() + ", kv head " + head % geometry.kvHeads()
                        + " has no column variance (found " + ofKvHead[head]
                        + "), so it cannot be ranked; calibrate with the statistic column-variance");
            }
        }
        BitSet contextual = new BitSet();
        IntStream.range(0, ofKvHead.length)
                .boxed()
                .sorted(Comparator.comparingDouble(head -> ofKvHead[head]))
                .limit(Math.round(alpha * ofKvHead.length))
                .forEach(contextual::set);
        return contextual;
    }

    /** Tokens of one contextual and of one structural kv head. */
    record Share(int contextual, int structural) {}

    /**
     * B = alpha B_C + (1 - alpha) B_S, in whole tokens: what structural heads could not fill goes to the contextual ones.
     *
     * @param mean tokens a kv head may hold if all hold the same, B
     * @param part what a contextual one keeps, as a part of the mean
     * @param most no kv head can hold more
     */
    static Share share(int heads, int contextual, int mean, double part, int most) {
        long total = (long) heads * mean;
        int structural = heads - contextual;
        long few = (long) Math.floor(part * mean);
        long many = structural == 0 ? 0 : Math.min(most, (total - contextual * few) / structural);
        long left = contextual == 0 ? 0 : Math.min(most, (total - structural * many) / contextual);
        return new Share((int) left, (int) many);
    }
}
