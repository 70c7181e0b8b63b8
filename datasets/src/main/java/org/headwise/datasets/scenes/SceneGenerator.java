package org.headwise.datasets.scenes;

import java.util.Arrays;
import java.util.List;
import org.headwise.datasets.SplitMix64;

/**
 * Draws scenes as the mini models were trained on: two objects in 40%, backgrounds 70% plain, 15% striped and 15%
 * checkered, all colours different, everything else uniform. A seed gives the same scenes on every machine.
 */
public final class SceneGenerator {
    private final SplitMix64 random;

    public SceneGenerator(long seed) {
        random = new SplitMix64(seed);
    }

    /** The next scene; the order of the draws is part of what a seed means. */
    public Scene next() {
        boolean pair = random.below(100) < 40;
        int background = random.below(100);
        Colour[] colours = fourColours();
        Thing first = thing(colours[2]);
        Background behind = background < 70
                ? Background.plain(colours[0])
                : new Background(
                        background < 85 ? Background.Pattern.STRIPED : Background.Pattern.CHECKERED,
                        colours[0],
                        colours[1]);
        return pair
                ? new Scene(List.of(first, thing(colours[3])), one(Relation.values()), behind)
                : new Scene(List.of(first), one(Place.values()), behind);
    }

    private Thing thing(Colour colour) {
        return new Thing(one(Size.values()), colour, one(Shape.values()));
    }

    private Colour[] fourColours() {
        Colour[] all = Colour.values();
        for (int i = 0; i < 4; i++) {
            int j = i + random.below(all.length - i);
            Colour swapped = all[i];
            all[i] = all[j];
            all[j] = swapped;
        }
        return Arrays.copyOf(all, 4);
    }

    private <T> T one(T[] values) {
        return values[random.below(values.length)];
    }
}
