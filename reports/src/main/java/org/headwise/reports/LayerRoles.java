package org.headwise.reports;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.headwise.analysis.Profile;
import org.headwise.analysis.Selectivity;
import org.headwise.model.Geometry;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Capacity;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.Selector;
import org.headwise.schedules.methods.ScaleKv;

/**
 * Which layers are drafters at which scales, and which refiners (ScaleKV, arXiv 2505.19602): as a run measured it, and as
 * schedules have it.
 *
 * @param measured nothing where the run has no selectivity
 * @param schedules those of ScaleKV
 */
public record LayerRoles(Optional<Measured> measured, List<Kept> schedules) {
    /** Nothing known. */
    static final LayerRoles NONE = new LayerRoles(Optional.empty(), List.of());

    private static final Budget USUAL = Budget.parse("10%");
    private static final int USUAL_TOP = 8;

    public LayerRoles {
        schedules = List.copyOf(schedules);
    }

    /**
     * What a calibration says.
     *
     * @param top how many of a query's favourite keys count
     * @param index selectivity, [layers][scales]; NaN at the first scale, which has no history
     * @param z the same in deviations from the mean of the scale
     * @param usual what ScaleKV makes of it
     */
    public record Measured(int top, double[][] index, double[][] z, Kept usual) {}

    /**
     * What a schedule of ScaleKV does.
     *
     * @param name of the schedule
     * @param budget share of the full cache
     * @param tokens what a kv head of a layer holds when a scale begins, [layers][scales]
     * @param drafters [layers][scales]
     * @param cut whether anything is cut before a scale, [scales]
     */
    public record Kept(String name, double budget, int[][] tokens, boolean[][] drafters, boolean[] cut) {
        /** Pairs of layer and scale that are drafters. */
        long count() {
            return Arrays.stream(drafters).mapToLong(LayerRoles::count).sum();
        }

        /** Pairs of layer and scale that could be. */
        long pairs() {
            return LayerRoles.count(cut) * drafters.length;
        }
    }

    private static long count(boolean[] flags) {
        long count = 0;
        for (boolean flag : flags) {
            count += flag ? 1 : 0;
        }
        return count;
    }

    static LayerRoles of(ReportSources sources) {
        return new LayerRoles(
                sources.profile().flatMap(LayerRoles::measured),
                sources.schedules().stream()
                        .filter(planned -> planned.schedule().method().equals(ScaleKv.NAME))
                        .map(planned -> kept(planned.name(), planned.schedule()))
                        .toList());
    }

    private static Optional<Measured> measured(Profile profile) {
        return profile.statistics().stream()
                .filter(Selectivity.class::isInstance)
                .map(Selectivity.class::cast)
                .findFirst()
                .filter(selectivity -> Double.isFinite(
                        Arrays.stream(selectivity.index(USUAL_TOP)).sum()))
                .map(selectivity -> {
                    Schedule usual = new ScaleKv().plan(profile, USUAL, Map.of(), profile.provenance());
                    return new Measured(
                            USUAL_TOP,
                            laterScales(profile.geometry(), selectivity.index(USUAL_TOP)),
                            laterScales(profile.geometry(), selectivity.zScores(USUAL_TOP)),
                            kept("scalekv at " + USUAL.percent(), usual));
                });
    }

    /** [layers][scales], without the first scale. */
    private static double[][] laterScales(Geometry geometry, double[] values) {
        int steps = geometry.steps().size();
        double[][] rows = new double[geometry.layers()][];
        for (int layer = 0; layer < rows.length; layer++) {
            rows[layer] = Arrays.copyOfRange(values, layer * steps, (layer + 1) * steps);
            rows[layer][0] = Double.NaN;
        }
        return rows;
    }

    private static Kept kept(String name, Schedule schedule) {
        Geometry geometry = schedule.geometry();
        int steps = geometry.steps().size();
        Capacity[][] capacities = new Capacity[geometry.layers()][steps];
        for (Rule rule : schedule.rules()) {
            if (rule instanceof Capacity capacity) {
                capacities[capacity.layer()][capacity.step()] = capacity;
            }
        }
        int[][] tokens = new int[geometry.layers()][steps];
        boolean[][] drafters = new boolean[geometry.layers()][steps];
        boolean[] cut = new boolean[steps];
        for (int layer = 0; layer < tokens.length; layer++) {
            boolean started = false;
            for (int scale = 1; scale < steps; scale++) {
                int held = tokens[layer][scale - 1] + geometry.tokens(scale - 1);
                Capacity capacity = capacities[layer][scale - 1];
                started |= capacity != null
                        && !(capacity.selector() instanceof Selector.Released released && held <= released.base());
                tokens[layer][scale] = started && capacity != null ? Math.min(held, capacity.tokens()) : held;
            }
        }
        for (int scale = 1; scale < steps; scale++) {
            List<Integer> limits = new ArrayList<>();
            for (Capacity[] ofLayer : capacities) {
                if (ofLayer[scale - 1] != null) {
                    limits.add(ofLayer[scale - 1].tokens());
                }
            }
            cut[scale] = !limits.isEmpty();
            int least = limits.stream().mapToInt(limit -> limit).min().orElse(0);
            for (int layer = 0; layer < tokens.length; layer++) {
                Capacity capacity = capacities[layer][scale - 1];
                drafters[layer][scale] = capacity != null && capacity.tokens() > least;
            }
        }
        return new Kept(name, schedule.budget().share(), tokens, drafters, cut);
    }
}
