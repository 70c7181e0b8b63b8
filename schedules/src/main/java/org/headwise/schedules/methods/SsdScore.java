package org.headwise.schedules.methods;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.headwise.analysis.Neighbourhood;
import org.headwise.analysis.Profile;
import org.headwise.analysis.Sparsity;
import org.headwise.attention.Guidance;
import org.headwise.schedules.Option;

/** The score by which {@link Ssd} tells heads apart, higher for semantic ones: the paper's sparsity, as we read it. */
final class SsdScore {
    static final String NEAR = "near";
    static final String MASS = "mass";
    static final String GUIDANCE = "guidance";

    /** Of which guidance rows the score is. */
    enum Rows {
        CONDITIONAL,
        UNCONDITIONAL,
        /** The mean of both. */
        MEAN
    }

    /** What the score is a share of. */
    enum Mass {
        /** All attention; the prompt is outside every neighbourhood. */
        ALL,
        /** Attention on image tokens. */
        IMAGE
    }

    static final List<Option> OPTIONS = List.of(
            new Option(
                    NEAR,
                    "score: the neighbourhood, ROWSxCOLUMNS around the token that is predicted, or ROWSxCOLUMNS:read",
                    Neighbourhood.IMMEDIATE.toString()),
            new Option(MASS, "score: a share of all attention, or of that on image tokens: all or image", "all"),
            new Option(
                    GUIDANCE,
                    "score: of which guidance rows: conditional, unconditional, or the mean of both",
                    "conditional"));

    private SsdScore() {}

    /** [layers * kvHeads]: the mean over the query heads of each. */
    static double[] ofKvHeads(Profile profile, Settings settings) {
        Neighbourhood near = Neighbourhood.parse(settings.values().get(NEAR));
        Sparsity.Of of =
                settings.constant(MASS, Mass.values()) == Mass.ALL ? Sparsity.Of.ALL_TOKENS : Sparsity.Of.IMAGE_TOKENS;
        Sparsity sparsity = profile.statistic(Sparsity.class);
        return HeadClasses.ofKvHeads(
                profile.geometry(), ofRows(settings, row -> sparsity.score(near, of, row)), "sparsity score");
    }

    private static double[] ofRows(Settings settings, Function<Guidance, double[]> score) {
        return switch (settings.constant(GUIDANCE, Rows.values())) {
            case CONDITIONAL -> score.apply(Guidance.CONDITIONAL);
            case UNCONDITIONAL -> score.apply(Guidance.UNCONDITIONAL);
            case MEAN -> {
                double[] one = score.apply(Guidance.CONDITIONAL);
                double[] other = score.apply(Guidance.UNCONDITIONAL);
                double[] mean = new double[one.length];
                Arrays.setAll(mean, i -> (one[i] + other[i]) / 2);
                yield mean;
            }
        };
    }
}
