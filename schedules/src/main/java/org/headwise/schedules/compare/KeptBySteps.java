package org.headwise.schedules.compare;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.headwise.model.Geometry;
import org.headwise.schedules.Keeping;

/** What is known of the tokens of a kv head of a raster model, before anything runs. */
final class KeptBySteps {
    private KeptBySteps() {}

    /** After each step; the token that the last step reads is never kept. */
    static List<KnownTokens> of(Keeping keeping, Geometry geometry) {
        int prompt = geometry.promptTokens();
        List<KnownTokens> after = new ArrayList<>();
        for (int step = 0; step < geometry.steps().size() - 1; step++) {
            after.add(known(keeping, prompt, step));
        }
        after.add(after.isEmpty() ? KnownTokens.exactly(new BitSet()) : after.getLast());
        return after;
    }

    private static KnownTokens known(Keeping keeping, int prompt, int step) {
        int made = prompt + step;
        int count = keeping.held(prompt, step);
        BitSet possible = new BitSet();
        possible.set(0, made);
        if (count == made) {
            return KnownTokens.exactly(possible);
        }
        BitSet certain = new BitSet();
        if (keeping.promptKept()) {
            certain.set(0, prompt);
        }
        int aside = certain.cardinality();
        // How many of the newest tokens stay in any case, those made since the last choice included.
        int newest = switch (keeping) {
            case Keeping.Newest only -> {
                certain.set(0, only.fixed(prompt));
                yield only.tokens() - 1;
            }
            case Keeping.Heaviest heaviest -> heaviest.recent() + step % heaviest.refresh();
            case Keeping.Observed observed -> observed.window() + step % observed.refresh();
            case Keeping.Chance chance -> 0;
        };
        certain.set(Math.max(aside, made - newest), made);
        return certain.cardinality() == count
                ? KnownTokens.exactly(certain)
                : new KnownTokens(certain, possible, count, count);
    }
}
