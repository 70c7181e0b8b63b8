package org.headwise.schedules.runtime;

import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.headwise.model.Geometry;
import org.headwise.schedules.Capacity;
import org.headwise.schedules.Placement;
import org.headwise.schedules.Pooling;
import org.headwise.schedules.ReleasedTrait;
import org.headwise.schedules.Selector;

/** What is known of a choice of tokens before anything runs. Tokens are indices among the keys held, in their order. */
public final class KnownChoice {
    private KnownChoice() {}

    /** The tokens that stay, ascending, where positions or random numbers alone decide; else nothing. */
    public static Optional<int[]> kept(Geometry geometry, Capacity capacity, int kvHead, int held) {
        return switch (capacity.selector()) {
            case Selector.Recent recent -> Optional.of(recent(recent, capacity.tokens(), held));
            case Selector.Chance chance -> Optional.of(random(chance, geometry, capacity, kvHead, held));
            case Selector.Observed observed -> Optional.empty();
            case Selector.HeavyHitters heavy -> Optional.empty();
            case Selector.Sampled sampled -> Optional.empty();
            case Selector.Released released -> Optional.empty();
        };
    }

    /** The tokens that stay in any case, ascending; all of them where positions or random numbers alone decide. */
    public static int[] window(Geometry geometry, Capacity capacity, int kvHead, int held) {
        int tokens = geometry.tokens(capacity.step());
        return switch (capacity.selector()) {
            case Selector.Recent recent -> recent(recent, capacity.tokens(), held);
            case Selector.Chance chance -> random(chance, geometry, capacity, kvHead, held);
            case Selector.Observed observed -> observed(observed, geometry, capacity, held);
            case Selector.HeavyHitters heavy ->
                IntStream.range(held - Math.min(heavy.recent(), capacity.tokens()), held)
                        .toArray();
            case Selector.Sampled sampled -> {
                int first = Math.min(sampled.first(), capacity.tokens());
                int newest = sampled.newest() ? Math.min(tokens, held - first) : 0;
                int stay = newest <= capacity.tokens() - first ? newest : 0;
                yield IntStream.concat(IntStream.range(0, first), IntStream.range(held - stay, held))
                        .toArray();
            }
            case Selector.Released released ->
                new ReleasedSelection(released.window(), released.kernel(), released.pooling())
                        .windowTokens(held, tokens);
        };
    }

    /** How many of the tokens that stay can be there a second time. */
    public static int repeated(Selector selector) {
        return switch (selector) {
            case Selector.Recent recent -> 0;
            case Selector.Chance chance -> 0;
            case Selector.Observed observed ->
                observed.released().contains(ReleasedTrait.HIDDEN_WINDOW) ? observed.window() : 0;
            case Selector.HeavyHitters heavy -> 0;
            case Selector.Sampled sampled -> 0;
            case Selector.Released released -> released.pooling() == Pooling.AVERAGE ? released.window() : 0;
        };
    }

    private static int[] observed(Selector.Observed observed, Geometry geometry, Capacity capacity, int held) {
        int tokens = geometry.tokens(capacity.step());
        int most = Math.min(observed.window(), capacity.tokens());
        if (observed.placement() == Placement.PATCHES && observed.released().contains(ReleasedTrait.DIVIDED_PATCHES)) {
            return new ReleasedSelection(most, observed.kernel(), observed.pooling()).windowTokens(held, tokens);
        }
        return IntStream.of(ObservedScores.window(
                        observed.placement(), geometry.steps().get(capacity.step()), most))
                .map(token -> held - tokens + token)
                .toArray();
    }

    private static int[] recent(Selector.Recent recent, int tokens, int held) {
        int first = Math.min(recent.first(), tokens);
        int newest = held - (tokens - first);
        return IntStream.concat(IntStream.range(0, first), IntStream.range(newest, held))
                .toArray();
    }

    private static int[] random(Selector.Chance chance, Geometry geometry, Capacity capacity, int kvHead, int held) {
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
}
