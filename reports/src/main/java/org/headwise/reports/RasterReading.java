package org.headwise.reports;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.headwise.analysis.HeadExtremes;
import org.headwise.analysis.HeadExtremes.Scored;
import org.headwise.analysis.Landmarks;
import org.headwise.analysis.Neighbourhood;
import org.headwise.analysis.Profile;
import org.headwise.analysis.Received;
import org.headwise.analysis.Recency;
import org.headwise.analysis.Sparsity;
import org.headwise.analysis.TokenMaps;
import org.headwise.attention.Guidance;
import org.headwise.model.Geometry;
import org.headwise.reports.RasterLook.HeadLook;
import org.headwise.reports.RasterLook.Landmark;
import org.headwise.reports.RasterLook.TokenLook;

/** Reads out of a profile and schedules where the heads of a raster model look. */
final class RasterReading {
    private static final int EACH = 3;
    private static final Neighbourhood NEAR = Neighbourhood.IMMEDIATE;
    private static final Guidance ROWS = Guidance.CONDITIONAL;

    private final Geometry geometry;
    private final Sparsity sparsity;
    private final Optional<Recency> recency;
    private final Optional<Received> received;
    private final Optional<Landmarks> landmarks;
    private final Optional<TokenMaps> tokens;

    private RasterReading(Profile profile, Sparsity sparsity) {
        geometry = profile.geometry();
        this.sparsity = sparsity;
        recency = find(profile, Recency.class);
        received = find(profile, Received.class);
        landmarks = find(profile, Landmarks.class);
        tokens = find(profile, TokenMaps.class);
    }

    /** Nothing for a next-scale model, and for a run without SSD's sparsity. */
    static Optional<RasterLook> of(ReportSources sources) {
        return sources.profile()
                .flatMap(profile -> find(profile, Sparsity.class)
                        .map(sparsity -> new RasterReading(profile, sparsity).read(profile, sources)));
    }

    private static <T> Optional<T> find(Profile profile, Class<T> kind) {
        return profile.statistics().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst();
    }

    private RasterLook read(Profile profile, ReportSources sources) {
        HeadExtremes extremes = HeadExtremes.of(profile, NEAR, EACH).orElseThrow();
        List<HeadLook> heads = new ArrayList<>();
        extremes.spatial().forEach(head -> heads.add(look(head, false)));
        extremes.semantic().forEach(head -> heads.add(look(head, true)));
        double[] score = sparsity.score(NEAR, Sparsity.Of.ALL_TOKENS, ROWS);
        double[][] rows = new double[geometry.layers()][];
        Arrays.setAll(
                rows, layer -> Arrays.copyOfRange(score, layer * geometry.heads(), (layer + 1) * geometry.heads()));
        return new RasterLook(
                geometry.raster(),
                NEAR,
                rows,
                heads,
                recency.map(this::meanWindows).orElse(new double[0]),
                received.map(this::byLayer).orElse(new double[0][]),
                landmarks.map(this::landmarks).orElse(List.of()),
                HeadClassReading.of(sources));
    }

    private HeadLook look(Scored head, boolean semantic) {
        int l = head.layer();
        int h = head.head();
        double[] nothing = {};
        return new HeadLook(
                l,
                h,
                semantic,
                head.score(),
                sparsity.offsetMap(l, h, ROWS, NEAR.around()),
                sparsity.promptMass(l, h, ROWS),
                recency.map(r -> windows(r, l, h)).orElse(nothing),
                recency.map(r -> r.massByLag(l, h, ROWS)).orElse(nothing),
                received.map(r -> r.byImageToken(l, h, ROWS)).orElse(nothing),
                tokens.map(maps -> tokens(maps, l, h)).orElse(List.of()));
    }

    private static List<TokenLook> tokens(TokenMaps maps, int layer, int head) {
        return maps.tokens().tokens().stream()
                .map(token -> new TokenLook(
                        token, maps.map(layer, head, ROWS, token), maps.promptMass(layer, head, ROWS, token)))
                .toList();
    }

    private static double[] windows(Recency recency, int layer, int head) {
        return recency.windowMass(layer, head, ROWS, Recency.Kept.PROMPT_AND_RECENT);
    }

    private double[] meanWindows(Recency recency) {
        return mean(allHeads(), at -> windows(recency, at[0], at[1]));
    }

    private double[][] byLayer(Received received) {
        return IntStream.range(0, geometry.layers())
                .mapToObj(layer -> mean(heads(layer), at -> received.byImageToken(at[0], at[1], ROWS)))
                .toArray(double[][]::new);
    }

    private List<Landmark> landmarks(Landmarks landmarks) {
        return Arrays.stream(Landmarks.Place.values())
                .map(place -> new Landmark(
                        place.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        mean(allHeads(), at -> landmarks.massByRow(place, at[0], at[1], ROWS))))
                .toList();
    }

    private List<int[]> allHeads() {
        return IntStream.range(0, geometry.layers())
                .boxed()
                .flatMap(layer -> heads(layer).stream())
                .toList();
    }

    private List<int[]> heads(int layer) {
        return IntStream.range(0, geometry.heads())
                .mapToObj(head -> new int[] {layer, head})
                .toList();
    }

    private interface Numbers {
        double[] of(int[] layerAndHead);
    }

    private static double[] mean(List<int[]> heads, Numbers numbers) {
        double[] sum = {};
        for (int[] head : heads) {
            double[] own = numbers.of(head);
            sum = sum.length == 0 ? new double[own.length] : sum;
            for (int i = 0; i < own.length; i++) {
                sum[i] += own[i] / heads.size();
            }
        }
        return sum;
    }
}
