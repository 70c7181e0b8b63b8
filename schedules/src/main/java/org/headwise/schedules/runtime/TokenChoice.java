package org.headwise.schedules.runtime;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.headwise.attention.KvView;
import org.headwise.attention.Queries;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.schedules.Capacity;
import org.headwise.schedules.Placement;
import org.headwise.schedules.ReleasedTrait;
import org.headwise.schedules.Selector;
import org.headwise.tensor.Tensor;

/** Chooses the tokens that stay when a capacity takes effect. */
final class TokenChoice {
    private final Geometry geometry;
    private final Capacity capacity;
    private final KvView view;
    private final Queries queries;
    /** Of the window's tokens, which are the same in every row and kv head. */
    private Tensor projected;

    private final HeavySums sums;

    /**
     * @param view what the layer holds
     * @param queries of the step; null unless the selector looks at them
     * @param sums of the layer; null unless the selector asks for heavy hitters
     */
    TokenChoice(Geometry geometry, Capacity capacity, KvView view, Queries queries, HeavySums sums) {
        this.sums = sums;
        this.geometry = geometry;
        this.capacity = capacity;
        this.view = view;
        this.queries = queries;
    }

    TokenCut choose(int row, int kvHead) {
        int held = view.keys(row, kvHead);
        return switch (capacity.selector()) {
            case Selector.Recent recent -> cut(row, kvHead, held, null, new int[0], recent(recent, held));
            case Selector.Chance chance -> cut(row, kvHead, held, null, new int[0], random(chance, kvHead, held));
            case Selector.Observed observed -> observed(observed, row, kvHead, held);
            case Selector.HeavyHitters heavy -> heavy(heavy, row, kvHead, held);
            case Selector.Sampled sampled -> sampled(sampled, row, kvHead, held);
            case Selector.Released released -> released(released, row, kvHead, held);
        };
    }

    private TokenCut cut(int row, int kvHead, int held, double[] scores, int[] window, int[] kept) {
        return new TokenCut(capacity.layer(), capacity.step(), row, kvHead, held, scores, window, kept);
    }

    private int[] recent(Selector.Recent recent, int held) {
        int first = Math.min(recent.first(), capacity.tokens());
        int newest = held - (capacity.tokens() - first);
        return IntStream.concat(IntStream.range(0, first), IntStream.range(newest, held))
                .toArray();
    }

    private int[] random(Selector.Chance chance, int kvHead, int held) {
        int place = (capacity.step() * geometry.layers() + capacity.layer()) * geometry.kvHeads() + kvHead;
        SplittableRandom random = new SplittableRandom(chance.seed() * 0x9E3779B97F4A7C15L + place);
        int[] kept = new int[capacity.tokens()];
        int taken = 0;
        // Every subset is equally likely (Knuth, algorithm S).
        for (int token = 0; taken < kept.length; token++) {
            if (random.nextInt(held - token) < kept.length - taken) {
                kept[taken++] = token;
            }
        }
        return kept;
    }

    private TokenCut heavy(Selector.HeavyHitters heavy, int row, int kvHead, int held) {
        wanted();
        int recent = Math.min(heavy.recent(), capacity.tokens());
        int[] newest = IntStream.range(held - recent, held).toArray();
        double[] ranked = ReleasedSelection.ranked(sums.of(row, kvHead), newest);
        int[] highest = TopTokens.highest(ranked, capacity.tokens() - recent);
        return cut(row, kvHead, held, ranked, newest, TopTokens.merged(highest, newest));
    }

    private TokenCut observed(Selector.Observed observed, int row, int kvHead, int held) {
        int tokens = geometry.tokens(capacity.step());
        int most = Math.min(observed.window(), capacity.tokens());
        int[] window;
        if (observed.placement() == Placement.PATCHES && observed.released().contains(ReleasedTrait.DIVIDED_PATCHES)) {
            window = new ReleasedSelection(most, observed.kernel(), observed.pooling()).windowTokens(held, tokens);
        } else {
            window = Arrays.stream(ObservedScores.window(
                            observed.placement(), geometry.steps().get(capacity.step()), most))
                    .map(token -> held - tokens + token)
                    .toArray();
        }
        double[] scores = ObservedScores.scores(observed, view, wanted(), row, kvHead, window);
        double[] ranked = ReleasedSelection.ranked(scores, window);
        int[] highest = TopTokens.highest(ranked, capacity.tokens() - window.length);
        return cut(row, kvHead, held, ranked, window, TopTokens.merged(highest, window));
    }

    private TokenCut sampled(Selector.Sampled sampled, int row, int kvHead, int held) {
        int tokens = geometry.tokens(capacity.step());
        int[] asked =
                ObservedScores.window(sampled.placement(), geometry.steps().get(capacity.step()), sampled.queries());
        double[] ranked = ObservedScores.mass(view, wanted(), row, kvHead, asked);
        int first = Math.min(sampled.first(), capacity.tokens());
        int newest = sampled.newest() ? Math.min(tokens, held - first) : 0;
        Arrays.fill(ranked, 0, first, Double.NEGATIVE_INFINITY);
        int room = capacity.tokens() - first;
        int[] forced = IntStream.range(0, first).toArray();
        if (newest <= room) {
            forced = IntStream.concat(Arrays.stream(forced), IntStream.range(held - newest, held))
                    .toArray();
            Arrays.fill(ranked, held - newest, held, Double.NEGATIVE_INFINITY);
            room -= newest;
        } else {
            // Not even the newest step fits: its own tokens compete for the room.
            Arrays.fill(ranked, first, held - newest, Double.NEGATIVE_INFINITY);
        }
        return cut(row, kvHead, held, ranked, forced, TopTokens.merged(TopTokens.highest(ranked, room), forced));
    }

    private TokenCut released(Selector.Released released, int row, int kvHead, int held) {
        ReleasedSelection selection = new ReleasedSelection(released.window(), released.kernel(), released.pooling());
        int tokens = geometry.tokens(capacity.step());
        int[] window = selection.windowTokens(held, tokens);
        if (projected == null) {
            projected = wanted().projected(ReleasedSelection.queryRows(window, held, tokens));
        }
        int headDim = view.headDim();
        float[] chosen = new float[window.length * headDim];
        for (int i = 0; i < window.length; i++) {
            int from = ((row * window.length + i) * geometry.kvHeads() + kvHead) * headDim;
            System.arraycopy(projected.data(), from, chosen, i * headDim, headDim);
        }
        float[] keys = new float[held * headDim];
        view.copyKeys(row, kvHead, 0, held, keys, 0);
        double[] ranked = ReleasedSelection.ranked(selection.scores(chosen, keys, held, window), window);
        return cut(row, kvHead, held, ranked, window, selection.kept(ranked, window, held, capacity.tokens()));
    }

    private Queries wanted() {
        if (queries == null) {
            throw new InputRefused("this schedule chooses tokens by their attention, and this model does not show its"
                    + " queries; plan one with a method that chooses by position");
        }
        return queries;
    }
}
