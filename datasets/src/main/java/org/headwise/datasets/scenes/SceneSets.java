package org.headwise.datasets.scenes;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How the bundled caption sets were drawn: different scenes, none in both sets, none of the six that the mini models'
 * recorded images show. The sets themselves lie beside the other prompt sets as text.
 */
public final class SceneSets {
    /** Captions in a bundled set. */
    public static final int COUNT = 256;

    private static final List<String> RECORDED = List.of(
            "a large red circle in the center on a white background",
            "a small blue square left of a large yellow triangle on a black background",
            "a large green diamond in the top left on a gray background",
            "a small pink ring above a small cyan cross on a brown background",
            "a large orange cross in the bottom right on a blue and purple striped background",
            "a large white ring in the right on a red and black checkered background");

    private static final long CALIBRATION_SEED = 1;
    private static final long EVALUATION_SEED = 2;

    private SceneSets() {}

    /** Captions of the recorded images, kept out of both sets. */
    public static List<String> recorded() {
        return RECORDED;
    }

    public static List<String> calibration() {
        return draw(CALIBRATION_SEED, COUNT, Set.copyOf(RECORDED));
    }

    public static List<String> evaluation() {
        Set<String> excluded = new HashSet<>(RECORDED);
        excluded.addAll(calibration());
        return draw(EVALUATION_SEED, COUNT, excluded);
    }

    /** The first {@code count} different captions of a seed that are not excluded. */
    public static List<String> draw(long seed, int count, Set<String> excluded) {
        SceneGenerator generator = new SceneGenerator(seed);
        Set<String> seen = new HashSet<>(excluded);
        List<String> captions = new ArrayList<>(count);
        while (captions.size() < count) {
            String caption = generator.next().caption();
            if (seen.add(caption)) {
                captions.add(caption);
            }
        }
        return captions;
    }
}
