package org.headwise.schedules;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.headwise.model.Geometry;

/** What makes the rules of single kv heads impossible for a geometry. */
final class KeepingCheck {
    private final Geometry geometry;
    private final Set<Long> seen = new HashSet<>();

    KeepingCheck(Geometry geometry) {
        this.geometry = geometry;
    }

    /** What is wrong with one more rule, as the end of a sentence that names it. */
    Optional<String> problem(HeadKeeps rule) {
        if (geometry.raster() == null) {
            return Optional.of("is for raster models, which read one token a step, but " + geometry.family()
                    + " is a next-scale model");
        }
        if (rule.layer() < 0 || rule.layer() >= geometry.layers()) {
            return Optional.of("has no such layer, expected 0 to " + (geometry.layers() - 1));
        }
        if (rule.kvHead() < 0 || rule.kvHead() >= geometry.kvHeads()) {
            return Optional.of("has no such kv head, expected 0 to " + (geometry.kvHeads() - 1));
        }
        if (!seen.add((long) rule.layer() * geometry.kvHeads() + rule.kvHead())) {
            return Optional.of("is for a kv head that an earlier rule is for already");
        }
        return switch (rule.keeping()) {
            case Keeping.Newest newest -> problem(newest);
            case Keeping.Heaviest heaviest -> problem(heaviest);
            case Keeping.Observed observed -> problem(observed);
            case Keeping.Chance chance -> tokens("tokens", chance.tokens(), 0);
        };
    }

    private static Optional<String> problem(Keeping.Newest newest) {
        return tokens("first tokens", newest.first(), 0)
                .or(() -> tokens("newest tokens, a step's own included,", newest.tokens(), 1));
    }

    private static Optional<String> problem(Keeping.Heaviest heaviest) {
        return tokens("best tokens", heaviest.best(), 0)
                .or(() -> tokens("recent tokens", heaviest.recent(), 0))
                .or(() -> refresh(heaviest.refresh()));
    }

    private static Optional<String> problem(Keeping.Observed observed) {
        if (observed.window() < 1) {
            return Optional.of("has an empty observation window");
        }
        if (observed.tokens() < observed.window()) {
            return Optional.of("keeps " + observed.tokens() + " tokens, fewer than its observation window of "
                    + observed.window());
        }
        if (observed.kernel() < 1 || observed.kernel() % 2 == 0) {
            return Optional.of("pools over " + observed.kernel() + " tokens, expected an odd number");
        }
        return tokens("tokens", observed.tokens(), 1).or(() -> refresh(observed.refresh()));
    }

    private static Optional<String> refresh(int refresh) {
        return refresh < 1
                ? Optional.of("chooses anew after every " + refresh + " image tokens, expected 1 or more")
                : Optional.empty();
    }

    /** Far beyond any image; keeps sums from overflowing. */
    private static final int MOST = 1 << 28;

    private static Optional<String> tokens(String what, int found, int least) {
        return found < least || found > MOST
                ? Optional.of("keeps " + found + " " + what + " where " + least + " to " + MOST + " are possible")
                : Optional.empty();
    }
}
