package org.headwise.schedules.runtime;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.headwise.attention.KvView;
import org.headwise.attention.Queries;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.schedules.Capacity;
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
            case Selector.Recent recent -> known(row, kvHead, held);
            case Selector.Chance chance -> known(row, kvHead, held);
            case Selector.Observed observed -> observed(observed, row, kvHead, held);
            case Selector.HeavyHitters heavy -> heavy(row, kvHead, held);
            case Selector.Sampled sampled -> sampled(sampled, row, kvHead, held);
            case Selector.Released released -> released(released, row, kvHead, held);
        };
    }

    private TokenCut cut(int row, int kvHead, int held, double[] scores, int[] window, int[] kept) {
        return new TokenCut(capacity.layer(), capacity.step(), row, kvHead, held, scores, window, kept);
    }

    private TokenCut known(int row, int kvHead, int held) {
        int[] kept = KnownChoice.kept(geometry, capacity, kvHead, held).orElseThrow();
        return cut(row, kvHead, held, null, new int[0], kept);
    }

    private TokenCut heavy(int row, int kvHead, int held) {
        if (sums.of(row, kvHead).length != held) {
            throw new IllegalStateException("the attention that " + held + " tokens received was not summed up");
        }
        int[] newest = KnownChoice.window(geometry, capacity, kvHead, held);
        double[] ranked = ReleasedSelection.ranked(sums.of(row, kvHead), newest);
        int[] highest = TopTokens.highest(ranked, capacity.tokens() - newest.length);
        return cut(row, kvHead, held, ranked, newest, TopTokens.merged(highest, newest));
    }

    private TokenCut observed(Selector.Observed observed, int row, int kvHead, int held) {
        int[] window = KnownChoice.window(geometry, capacity, kvHead, held);
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
