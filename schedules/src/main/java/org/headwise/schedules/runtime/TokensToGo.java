package org.headwise.schedules.runtime;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.headwise.model.Geometry;
import org.headwise.schedules.HeadKeeps;
import org.headwise.schedules.Keeping;

/**
 * Which slots of a kv head are given up once the attention of a step is over.
 *
 * @param geometry of the generation, its prompt included
 */
record TokensToGo(Geometry geometry, HeadKeeps rule, int step) {
    private static final int[] NONE = {};

    /**
     * Slots, ascending.
     *
     * @param held what the kv head holds
     * @param partner the same kv head of the other guidance row, if the two decide together; else null
     */
    int[] of(HeadTokens held, HeadTokens partner) {
        int prompt = geometry.promptTokens();
        int excess = held.count() - rule.keeping().held(prompt, step);
        if (excess == 0) {
            return NONE;
        }
        int aside = rule.keeping().promptKept() ? prompt : 0;
        int seen = prompt + step;
        return switch (rule.keeping()) {
            case Keeping.Newest newest -> all(held, newest.fixed(prompt), seen - newest.tokens() + 1, excess);
            case Keeping.Heaviest heaviest ->
                lowest(
                        held,
                        aside,
                        seen - heaviest.recent(),
                        excess,
                        slot -> held.mass().of(slot)
                                + (partner == null ? 0 : partner.mass().of(slot)));
            case Keeping.Observed observed -> observed(observed, held, aside, seen, excess);
            case Keeping.Chance chance -> lowest(held, aside, seen, excess, slot -> luck(chance, held.position(slot)));
        };
    }

    /** All slots of the tokens [{@code first}, {@code end}), of which {@code excess} are held. This runs for every token. */
    private static int[] all(HeadTokens held, int first, int end, int excess) {
        int[] slots = new int[excess];
        int found = 0;
        for (int slot = 0; found < excess && slot < held.count(); slot++) {
            int position = held.position(slot);
            if (position >= first && position < end) {
                slots[found++] = slot;
            }
        }
        return slots;
    }

    private static IntStream between(HeadTokens held, int first, int end) {
        return IntStream.range(0, held.count())
                .filter(slot -> held.position(slot) >= first && held.position(slot) < end);
    }

    /** The tokens [{@code first}, {@code end}) with the lowest scores; of equal ones the higher tokens. */
    private static int[] lowest(HeadTokens held, int first, int end, int excess, IntToDoubleFunction score) {
        if (excess > 1) {
            double[] scores =
                    IntStream.range(0, held.count()).mapToDouble(score).toArray();
            return between(held, first, end)
                    .boxed()
                    .sorted(Comparator.<Integer>comparingDouble(slot -> scores[slot])
                            .thenComparingInt(slot -> -held.position(slot)))
                    .limit(excess)
                    .mapToInt(Integer::intValue)
                    .sorted()
                    .toArray();
        }
        int worst = -1;
        double least = 0;
        for (int slot = 0; slot < held.count(); slot++) {
            int position = held.position(slot);
            if (position < first || position >= end) {
                continue;
            }
            double mass = score.applyAsDouble(slot);
            if (worst < 0 || mass < least || mass == least && position > held.position(worst)) {
                worst = slot;
                least = mass;
            }
        }
        return new int[] {worst};
    }

    /** As in SnapKV, the window's own tokens are not pooled with the others. */
    private static int[] observed(Keeping.Observed observed, HeadTokens held, int aside, int seen, int excess) {
        int window = seen - observed.window();
        // Position above, slot below: primitive numbers sort fast, and this may run after every token.
        int[] inOrder = between(held, 0, window)
                .mapToLong(slot -> (long) held.position(slot) << 32 | slot)
                .sorted()
                .mapToInt(both -> (int) both)
                .toArray();
        double[] raw = Arrays.stream(inOrder).mapToDouble(held.mass()::of).toArray();
        double[] pooled = ReleasedSelection.pooled(raw, observed.kernel(), observed.pooling());
        double[] bySlot = new double[held.count()];
        for (int i = 0; i < inOrder.length; i++) {
            bySlot[inOrder[i]] = pooled[i];
        }
        return lowest(held, aside, window, excess, slot -> bySlot[slot]);
    }

    /** A number of each token that never changes: keeping the highest keeps any tokens, all equally likely. */
    private double luck(Keeping.Chance chance, int position) {
        long place = (long) rule.layer() * geometry.kvHeads() + rule.kvHead();
        return new SplittableRandom(chance.seed() * 0x9E3779B97F4A7C15L + (place << 32) + position).nextDouble();
    }
}
