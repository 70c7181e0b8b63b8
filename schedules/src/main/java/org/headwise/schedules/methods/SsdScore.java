package org.headwise.schedules.methods;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.headwise.analysis.Neighbourhood;
import org.headwise.analysis.Profile;
import org.headwise.analysis.Recency;
import org.headwise.analysis.Sparsity;
import org.headwise.attention.Guidance;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.schedules.Option;

/**
 * The score by which {@link Ssd} tells heads apart, higher for semantic ones: the paper's sparsity, as we read it, or the
 * mass that a window of the newest tokens would lose.
 */
final class SsdScore {
    static final String SCORE = "score";
    static final String NEWEST = "newest";
    static final String NEAR = "near";
    static final String MASS = "mass";
    static final String GUIDANCE = "guidance";

    /** What is measured of a head. */
    enum Kind {
        /** Attention outside a neighbourhood on the image. */
        SPARSITY,
        /** Attention on tokens older than the newest ones, prompt or image. */
        WINDOW
    }

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
                    SCORE,
                    "heads are scored by the sparsity of their attention, or by what is older than a window",
                    "sparsity"),
            new Option(
                    NEAR,
                    "score sparsity: the neighbourhood, ROWSxCOLUMNS around the token that is predicted, or ROWSxCOLUMNS:read",
                    Neighbourhood.IMMEDIATE.toString()),
            new Option(
                    MASS, "score sparsity: a share of all attention, or of that on image tokens: all or image", "all"),
            new Option(NEWEST, "score window: tokens of the window, or row for as many as a row has", "row"),
            new Option(
                    GUIDANCE,
                    "score: of which guidance rows: conditional, unconditional, or the mean of both",
                    "conditional"));

    private SsdScore() {}

    /** [layers * kvHeads]: the mean over the query heads of each. */
    static double[] ofKvHeads(Profile profile, Settings settings) {
        return switch (settings.constant(SCORE, Kind.values())) {
            case SPARSITY -> sparsity(profile, settings);
            case WINDOW -> window(profile, settings);
        };
    }

    private static double[] sparsity(Profile profile, Settings settings) {
        Neighbourhood near = Neighbourhood.parse(settings.values().get(NEAR));
        Sparsity.Of of =
                settings.constant(MASS, Mass.values()) == Mass.ALL ? Sparsity.Of.ALL_TOKENS : Sparsity.Of.IMAGE_TOKENS;
        Sparsity sparsity = profile.statistic(Sparsity.class);
        return ofRows(profile.geometry(), settings, "sparsity score", row -> sparsity.score(near, of, row));
    }

    private static double[] window(Profile profile, Settings settings) {
        Geometry geometry = profile.geometry();
        Grid image = geometry.raster();
        int tokens = settings.values().get(NEWEST).equals("row")
                ? Math.min(image.width(), image.tokens() - 1)
                : settings.whole(NEWEST, 1, image.tokens() - 1);
        Recency recency = profile.statistic(Recency.class);
        return ofRows(geometry, settings, "window score", row -> older(recency, geometry, tokens, row));
    }

    private static double[] older(Recency recency, Geometry geometry, int tokens, Guidance row) {
        double[] scores = new double[geometry.layers() * geometry.heads()];
        Arrays.setAll(
                scores,
                head -> 1
                        - recency.windowMass(
                                        head / geometry.heads(), head % geometry.heads(), row, Recency.Kept.RECENT)[
                                tokens]);
        return scores;
    }

    private static double[] ofRows(
            Geometry geometry, Settings settings, String name, Function<Guidance, double[]> score) {
        return switch (settings.constant(GUIDANCE, Rows.values())) {
            case CONDITIONAL -> ofRow(geometry, Guidance.CONDITIONAL, name, score);
            case UNCONDITIONAL -> ofRow(geometry, Guidance.UNCONDITIONAL, name, score);
            case MEAN -> {
                double[] one = ofRow(geometry, Guidance.CONDITIONAL, name, score);
                double[] other = ofRow(geometry, Guidance.UNCONDITIONAL, name, score);
                double[] mean = new double[one.length];
                Arrays.setAll(mean, i -> (one[i] + other[i]) / 2);
                yield mean;
            }
        };
    }

    private static double[] ofRow(Geometry geometry, Guidance row, String name, Function<Guidance, double[]> score) {
        return HeadClasses.ofKvHeads(
                geometry, score.apply(row), name + " in " + row.name().toLowerCase(Locale.ROOT) + " rows");
    }
}
