package org.headwise.reports;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.headwise.analysis.PairedTest;
import org.headwise.datasets.Picture;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;

/**
 * Everything that a report shows, as plain numbers. A part that was not computed is empty, and the report then says
 * which command makes it.
 *
 * @param title heading of the page
 * @param statistics one heat map each
 * @param notes warnings and limits of this run, added to the standing ones
 * @param roles drafters and refiners
 * @param raster where the heads of a raster model look
 */
public record ReportData(
        String title,
        RunInfo run,
        List<HeadStatistic> statistics,
        Optional<ScaleHeat> scaleHeat,
        List<StabilityPoint> stability,
        Optional<HeadIntervals> intervals,
        List<LedgerSeries> ledgers,
        Optional<Fidelity> fidelity,
        List<BitAgreement> bits,
        List<ImagePair> images,
        List<String> notes,
        LayerRoles roles,
        Optional<RasterLook> raster) {
    private static final int MOST_MAPS = 24;
    private static final String UNCONDITIONAL = " uncond";

    public ReportData {
        statistics = List.copyOf(statistics);
        stability = List.copyOf(stability);
        ledgers = List.copyOf(ledgers);
        bits = List.copyOf(bits);
        images = List.copyOf(images);
        notes = List.copyOf(notes);
        for (HeadStatistic statistic : statistics) {
            requireHeads(run.geometry(), statistic.values().length, statistic.values()[0].length, statistic.name());
        }
        scaleHeat.ifPresent(heat -> requireHeads(run.geometry(), heat.layers(), heat.heads(), "scale heat"));
        raster.ifPresent(look -> requireHeads(run.geometry(), look.score().length, look.score()[0].length, "sparsity"));
    }

    /** As the other, with nothing known of the layers' roles and of where a raster model looks. */
    public ReportData(
            String title,
            RunInfo run,
            List<HeadStatistic> statistics,
            Optional<ScaleHeat> scaleHeat,
            List<StabilityPoint> stability,
            Optional<HeadIntervals> intervals,
            List<LedgerSeries> ledgers,
            Optional<Fidelity> fidelity,
            List<BitAgreement> bits,
            List<ImagePair> images,
            List<String> notes) {
        this(
                title,
                run,
                statistics,
                scaleHeat,
                stability,
                intervals,
                ledgers,
                fidelity,
                bits,
                images,
                notes,
                LayerRoles.NONE,
                Optional.empty());
    }

    /**
     * The statistics that get a map: of groups with very many, an even choice. Those of unconditional rows stand in the
     * files only, they look much like those of conditional ones.
     */
    List<HeadStatistic> mapped() {
        Map<String, List<HeadStatistic>> groups = new LinkedHashMap<>();
        statistics.stream()
                .filter(s -> !s.name().endsWith(UNCONDITIONAL))
                .forEach(s -> groups.computeIfAbsent(s.group(), g -> new ArrayList<>())
                        .add(s));
        return groups.values().stream()
                .flatMap(group -> Thinned.of(group, MOST_MAPS).stream())
                .toList();
    }

    /**
     * The model and where the numbers came from.
     *
     * @param model name of the model as given
     * @param prompts prompts that the statistics were averaged over; 0 when there are none
     */
    public record RunInfo(String model, Geometry geometry, long prompts, List<Source> sources) {
        public RunInfo {
            sources = List.copyOf(sources);
        }
    }

    /** What a model chooses at each step: bits of the scales, or codes of a raster. */
    static String choices(Geometry geometry) {
        return geometry.raster() == null ? "bits" : "codes";
    }

    /** How many steps one point of a comparison stands for: a raster's tokens are taken row by row. */
    static int stepsTogether(Geometry geometry) {
        return geometry.raster() == null ? 1 : geometry.raster().width();
    }

    /** What such a point is. */
    static String stepName(Geometry geometry) {
        return geometry.raster() == null ? "step" : "row";
    }

    /** One artefact that went in, for example {@code calibration}, with its provenance. */
    public record Source(String label, Provenance provenance) {}

    /**
     * One number per head.
     *
     * @param group what it belongs to, for example {@code Scale heat}; the maps of a group stand together
     * @param unit for example {@code nats}; empty for a share
     * @param description what it measures, one sentence
     * @param values [layers][heads]; NaN where nothing was observed
     */
    public record HeadStatistic(String group, String name, String unit, String description, double[][] values) {
        public HeadStatistic {
            requireRectangle(values, name);
        }

        /** The name with its group, unique in a run. */
        String fullName() {
            return group.isEmpty() ? name : group + ": " + name;
        }
    }

    /**
     * Scores of all heads with their intervals over prompts.
     *
     * @param score what is scored, one phrase
     * @param prompts how many were resampled
     * @param confidence of the interval, for example 0.95
     * @param mean [layers * heads]
     * @param low lower ends
     * @param high upper ends
     */
    public record HeadIntervals(
            String score, long prompts, double confidence, double[] mean, double[] low, double[] high) {}

    /**
     * How much attention each target scale gives to each source scale.
     *
     * @param group how many steps one row and column stand for; 1 but for models of very many steps
     * @param mass [layers * heads][source][target], shares of 1; a source later than its target is NaN or 0
     */
    public record ScaleHeat(int layers, int heads, int group, double[][][] mass) {
        public ScaleHeat {
            if (mass.length != layers * heads || mass.length == 0) {
                throw new IllegalArgumentException(
                        mass.length + " scale heat maps for " + layers + " layers of " + heads + " heads");
            }
            for (double[][] map : mass) {
                requireRectangle(map, "scale heat");
                if (map.length != map[0].length || map.length != mass[0].length) {
                    throw new IllegalArgumentException("scale heat maps of different sizes");
                }
            }
        }

        public ScaleHeat(int layers, int heads, double[][][] mass) {
            this(layers, heads, 1, mass);
        }

        /** The same with neighbouring steps taken together until there are at most {@code most} of each. */
        public ScaleHeat grouped(int most) {
            int size = (scales() + most - 1) / most;
            return size == 1
                    ? this
                    : new ScaleHeat(
                            layers,
                            heads,
                            group * size,
                            Arrays.stream(mass).map(map -> grouped(map, size)).toArray(double[][][]::new));
        }

        /** Mean over the targets of a group that were observed, sum over the sources of a group. */
        private static double[][] grouped(double[][] map, int size) {
            int n = (map.length + size - 1) / size;
            double[][] result = new double[n][n];
            int[] observed = new int[n];
            for (int target = 0; target < map.length; target++) {
                if (Double.isFinite(map[0][target])) {
                    observed[target / size]++;
                    for (int source = 0; source <= target; source++) {
                        result[source / size][target / size] += map[source][target];
                    }
                }
            }
            for (double[] row : result) {
                Arrays.setAll(row, target -> row[target] / observed[target]);
            }
            return result;
        }

        public int scales() {
            return mass[0].length;
        }

        public double[][] of(int layer, int head) {
            return mass[layer * heads + head];
        }
    }

    /**
     * How alike two profiles of so many prompts are.
     *
     * @param statistic what is ranked
     * @param prompts prompts on each side
     * @param correlation Spearman's rank correlation of the heads
     * @param overlap Jaccard index of the heads that either side prunes, or null when it was not computed
     * @param pruned the share of heads that is pruned for it
     */
    public record StabilityPoint(
            String statistic, long prompts, Likeness correlation, Likeness overlap, double pruned) {}

    /** A likeness: its mean over random divisions of the prompts and the range that holds 95% of them. */
    public record Likeness(double mean, double low, double high) {}

    /**
     * What a schedule takes in one meaning of its budget.
     *
     * @param share of the full cache, 0 to 1
     */
    public record BudgetMeaning(String name, double share, long bytes) {}

    /**
     * Bytes of KV cache that are kept when each step is over.
     *
     * @param name for example {@code heatkv 10%}
     * @param group its budget: schedules of one share a chart where there are many
     * @param full whether this is the full cache that the others are compared with
     * @param predicted what the schedule predicts, by step, or empty
     * @param allocated what the runtime really held, by step, or empty
     * @param meanings the schedule's budget in all of its meanings, or empty
     */
    public record LedgerSeries(
            String name,
            String group,
            boolean full,
            List<Long> predicted,
            List<Long> allocated,
            List<BudgetMeaning> meanings) {
        public LedgerSeries {
            predicted = List.copyOf(predicted);
            allocated = List.copyOf(allocated);
            meanings = List.copyOf(meanings);
        }

        public LedgerSeries(String name, boolean full, List<Long> predicted, List<Long> allocated) {
            this(name, "", full, predicted, allocated, List.of());
        }

        /** What is shown first: allocated where known. */
        List<Long> best() {
            return allocated.isEmpty() ? predicted : allocated;
        }
    }

    /**
     * A measure of an evaluation.
     *
     * @param name for example {@code PSNR}
     * @param description what it means, one line
     */
    public record Metric(String name, String unit, boolean higherIsBetter, int decimals, String description) {}

    /**
     * Mean and standard deviation over the {@code n} prompts where the measure is finite.
     *
     * @param infinite prompts where it is infinite, as the PSNR of equal images is
     */
    public record Measure(double mean, double sd, long n, long infinite) {
        public Measure(double mean, double sd, long n) {
            this(mean, sd, n, 0);
        }

        /** All prompts that were measured. */
        long prompts() {
            return n + infinite;
        }
    }

    /**
     * What one schedule cost.
     *
     * @param budget share of the full cache that was asked for
     * @param peakBytes the most KV bytes held at any moment
     * @param measures one per metric, in their order; null where it was not measured
     */
    public record FidelityPoint(String method, double budget, long peakBytes, List<Measure> measures) {
        public FidelityPoint {
            measures = java.util.Collections.unmodifiableList(new java.util.ArrayList<>(measures));
        }
    }

    /**
     * Closeness to the full cache's images against memory.
     *
     * @param fullPeakBytes the most KV bytes that the full cache held
     * @param allocated whether bytes were really allocated by a runtime; otherwise they are predictions
     * @param full the full cache's own measures, one per metric; null for those that compare with it
     * @param tests between the methods of every budget, for some of the metrics
     */
    public record Fidelity(
            long fullPeakBytes,
            boolean allocated,
            List<Metric> metrics,
            List<Measure> full,
            List<FidelityPoint> points,
            List<MethodTest> tests) {
        public Fidelity(
                long fullPeakBytes,
                boolean allocated,
                List<Metric> metrics,
                List<Measure> full,
                List<FidelityPoint> points) {
            this(fullPeakBytes, allocated, metrics, full, points, List.of());
        }

        public Fidelity {
            tests = List.copyOf(tests);
            metrics = List.copyOf(metrics);
            full = java.util.Collections.unmodifiableList(new java.util.ArrayList<>(full));
            if (full.size() != metrics.size()) {
                throw new IllegalArgumentException(
                        "the full cache has " + full.size() + " measures for " + metrics.size() + " metrics");
            }
            points = List.copyOf(points);
            for (FidelityPoint point : points) {
                if (point.measures().size() != metrics.size()) {
                    throw new IllegalArgumentException(point.method() + " has "
                            + point.measures().size() + " measures for " + metrics.size() + " metrics");
                }
            }
        }
    }

    /**
     * Two methods of the same budget, prompt by prompt.
     *
     * @param metric name of what is compared
     * @param first method whose values come first in the differences
     * @param tHolm the chance of the t test after Holm's correction for all pairs of the budget
     * @param rankHolm that of the signed rank test
     */
    public record MethodTest(
            String metric,
            double budget,
            String first,
            String second,
            PairedTest pairs,
            double tHolm,
            double rankHolm) {}

    /**
     * Share of bits (or tokens) equal to those of the full cache, by step (of a raster, by row); means over prompts.
     *
     * @param group its budget: schedules of one share a chart where there are many
     * @param divergence nats per bit (or token) when both caches are fed the same, by step, or empty
     */
    public record BitAgreement(String schedule, String group, List<Measure> steps, List<Measure> divergence) {
        public BitAgreement(String schedule, List<Measure> steps) {
            this(schedule, "", steps, List.of());
        }

        public BitAgreement {
            steps = List.copyOf(steps);
            divergence = List.copyOf(divergence);
        }
    }

    /** One prompt's image with the full cache and with each schedule. */
    public record ImagePair(String prompt, Picture full, List<LabelledPicture> compressed) {
        public ImagePair {
            compressed = List.copyOf(compressed);
        }
    }

    /** An image with the schedule's name and a short remark, for example its PSNR. */
    public record LabelledPicture(String label, String remark, Picture picture) {}

    private static void requireRectangle(double[][] values, String name) {
        if (values.length == 0 || values[0].length == 0) {
            throw new IllegalArgumentException(name + " has no cells");
        }
        for (double[] row : values) {
            if (row.length != values[0].length) {
                throw new IllegalArgumentException(name + " has rows of different lengths");
            }
        }
    }

    private static void requireHeads(Geometry geometry, int layers, int heads, String name) {
        if (layers != geometry.layers() || heads != geometry.heads()) {
            throw new IllegalArgumentException(name + " has " + layers + " layers of " + heads
                    + " heads, the model has " + geometry.layers() + " of " + geometry.heads());
        }
    }
}
