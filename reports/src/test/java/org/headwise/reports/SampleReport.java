package org.headwise.reports;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.headwise.datasets.Picture;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.reports.ReportData.BitAgreement;
import org.headwise.reports.ReportData.Fidelity;
import org.headwise.reports.ReportData.FidelityPoint;
import org.headwise.reports.ReportData.HeadIntervals;
import org.headwise.reports.ReportData.HeadStatistic;
import org.headwise.reports.ReportData.ImagePair;
import org.headwise.reports.ReportData.LabelledPicture;
import org.headwise.reports.ReportData.LedgerSeries;
import org.headwise.reports.ReportData.Likeness;
import org.headwise.reports.ReportData.Measure;
import org.headwise.reports.ReportData.Metric;
import org.headwise.reports.ReportData.RunInfo;
import org.headwise.reports.ReportData.ScaleHeat;
import org.headwise.reports.ReportData.Source;
import org.headwise.reports.ReportData.StabilityPoint;

/** Invented data of realistic shape; every string in it goes through one function, so that tests can poison all. */
final class SampleReport {
    private static final double[] BUDGETS = {0.5, 0.25, 0.1, 0.05};

    private final Random random;
    private final Geometry geometry;
    private final int pictureSide;
    private final UnaryOperator<String> names;

    SampleReport(long seed, Geometry geometry, int pictureSide, UnaryOperator<String> names) {
        this.random = new Random(seed);
        this.geometry = geometry;
        this.pictureSide = pictureSide;
        this.names = names;
    }

    static Geometry mini() {
        return geometry(8, 8, 16, 1, 2, 3, 4, 5, 6, 8);
    }

    static Geometry large() {
        return geometry(32, 16, 128, 1, 2, 4, 6, 8, 12, 16, 20, 24, 32, 40, 48, 64);
    }

    static Geometry geometry(int layers, int heads, int headDim, int... sides) {
        return new Geometry(
                "infinity",
                layers,
                heads,
                heads,
                headDim,
                IntStream.of(sides).mapToObj(n -> new Grid(n, n)).toList());
    }

    ReportData data() {
        return new ReportData(
                name("HeatKV on the mini Infinity"),
                new RunInfo(name("minis/infinity"), geometry, 40, List.of(source("calibration"), source("evaluation"))),
                statistics(),
                Optional.of(heat()),
                stability(),
                Optional.of(intervals()),
                ledgers(),
                Optional.of(fidelity()),
                bits(),
                images(),
                List.of(name("3 of 43 prompts were skipped: empty line.")));
    }

    private String name(String plain) {
        return names.apply(plain);
    }

    private Source source(String label) {
        TreeMap<String, String> settings = new TreeMap<>(Map.of("cfg", "3.0", "tau", "1.0"));
        settings.put(name("seed"), name("7"));
        TreeMap<String, Long> counts = new TreeMap<>(Map.of("asked", 43L, "used", 40L));
        counts.put(name("skipped"), 3L);
        return new Source(
                name(label),
                new Provenance(
                        name("headwise 0.1.0"),
                        List.of("headwise", "calibrate", name("minis/infinity"), "--prompts", name("scenes.txt")),
                        settings,
                        List.of(new Provenance.Input(name("infinity.safetensors"), 7_340_032, "ab".repeat(32))),
                        counts));
    }

    private List<HeadStatistic> statistics() {
        List<HeadStatistic> all = new ArrayList<>();
        String[][] kinds = {
            {"locality", "", "Share of attention within two tokens of the query, in two dimensions."},
            {"mean distance", "tokens", "Mean distance between query and key on the token grid."},
            {"sink mass", "", "Share of attention on the first three scales."},
            {"top-8 mass", "", "Share of attention on the eight keys that get the most."},
            {"entropy", "nats", "Entropy of the attention of one query."},
            {"effective keys", "keys", "Exponential of the entropy: how many keys share the attention."},
            {"source spread", "", "Entropy over source scales, divided by its largest value."}
        };
        for (int source = 0; source + 1 < geometry.steps().size(); source++) {
            all.add(values("Scale heat", "S-CAS " + source, "", "Mean share that later scales give to it.", 1, source));
        }
        all.add(values("Scale heat", "own", "", "Share of attention on the current scale.", 1, 20));
        for (int k = 0; k < kinds.length; k++) {
            double top = k == 1 ? 14 : k == 4 ? 6 : k == 5 ? 400 : 1;
            all.add(values(k < 4 ? "Locality and sinks" : "Dispersion", kinds[k][0], kinds[k][1], kinds[k][2], top, k));
        }
        return all;
    }

    private HeadStatistic values(String group, String name, String unit, String meaning, double top, int shape) {
        double[][] values = new double[geometry.layers()][geometry.heads()];
        for (int l = 0; l < geometry.layers(); l++) {
            double level = 0.2 + 0.6 * Math.abs(Math.sin(0.35 * l + shape));
            for (int h = 0; h < geometry.heads(); h++) {
                values[l][h] = top * Math.clamp(level + 0.16 * random.nextGaussian(), 0.01, 0.99);
            }
        }
        return new HeadStatistic(name(group), name(name), name(unit), name(meaning), values);
    }

    private ScaleHeat heat() {
        int n = geometry.steps().size();
        double[][][] mass = new double[geometry.layers() * geometry.heads()][n][n];
        for (double[][] map : mass) {
            double reach = 0.3 + 2.5 * random.nextDouble();
            double sink = 0.4 * random.nextDouble();
            for (int t = 0; t < n; t++) {
                double sum = 0;
                for (int s = 0; s <= t; s++) {
                    map[s][t] = Math.exp(-(t - s) / reach) + (s == 0 ? sink : 0);
                    sum += map[s][t];
                }
                for (int s = 0; s < n; s++) {
                    map[s][t] = s > t ? Double.NaN : map[s][t] / sum;
                }
            }
        }
        return new ScaleHeat(geometry.layers(), geometry.heads(), mass).grouped(32);
    }

    private List<StabilityPoint> stability() {
        List<StabilityPoint> points = new ArrayList<>();
        for (String statistic : List.of("scale heat", "locality")) {
            for (int prompts : new int[] {2, 5, 10, 20}) {
                double correlation = 1
                        - (statistic.equals("locality") ? 0.08 : 0.16) / Math.sqrt(prompts)
                        - 0.01 * random.nextDouble();
                double wide = 0.06 / Math.sqrt(prompts);
                points.add(new StabilityPoint(
                        name(statistic),
                        prompts,
                        new Likeness(correlation, correlation - wide, Math.min(1, correlation + wide)),
                        new Likeness(correlation - 0.1, correlation - 0.2, correlation - 0.05),
                        0.9));
            }
        }
        return points;
    }

    private HeadIntervals intervals() {
        int heads = geometry.layers() * geometry.heads();
        double[] mean = random.doubles(heads, 0.05, 0.4).toArray();
        return new HeadIntervals(
                name("S-CAS"),
                40,
                0.95,
                mean,
                Arrays.stream(mean).map(m -> m * 0.9).toArray(),
                Arrays.stream(mean).map(m -> m * 1.1).toArray());
    }

    private List<LedgerSeries> ledgers() {
        List<LedgerSeries> ledgers = new ArrayList<>();
        List<Long> full = new ArrayList<>();
        long perToken = 2L * 2 * 4 * geometry.headDim() * geometry.heads() * geometry.layers();
        for (int s = 0; s < geometry.steps().size(); s++) {
            full.add((long) geometry.firstToken(Math.min(s + 1, geometry.steps().size() - 1)) * perToken);
        }
        ledgers.add(new LedgerSeries(name("full cache"), true, full, full));
        for (double budget : BUDGETS) {
            long most = (long) (budget * geometry.incomingTokens() * perToken);
            List<Long> predicted = full.stream()
                    .map(bytes -> Math.min(bytes, most + bytes / 50))
                    .toList();
            List<Long> allocated = predicted.stream()
                    .map(bytes -> (bytes + 4095) / 4096 * 4096)
                    .toList();
            ledgers.add(new LedgerSeries(name("heatkv " + Shown.percent(budget)), false, predicted, allocated));
        }
        return ledgers;
    }

    private Fidelity fidelity() {
        List<Metric> metrics = List.of(
                new Metric(name("PSNR"), name("dB"), true, 1, name("Peak signal-to-noise ratio of the two images.")),
                new Metric("SSIM", "", true, 3, "Structural similarity of the two images, 1 for equal ones."),
                new Metric("equal bits", "", true, 3, "Share of equal bits over all scales."),
                new Metric(
                        "KL", "nats/bit", false, 4, "Teacher-forced divergence of the logits from the full cache's."));
        long full = 2L * 2 * 4 * geometry.headDim() * geometry.heads() * geometry.layers() * geometry.totalTokens();
        List<FidelityPoint> points = new ArrayList<>();
        for (String method : List.of("heatkv", "recent window")) {
            double worse = method.equals("heatkv") ? 0 : 5;
            for (double budget : BUDGETS) {
                long equal = budget == 0.5 && worse == 0 ? 2 : 0;
                double psnr = 22 + 12 * Math.sqrt(budget) - worse + random.nextDouble();
                points.add(new FidelityPoint(
                        name(method),
                        budget,
                        (long) (full * (budget * 0.7 + 0.02)),
                        List.of(
                                new Measure(psnr, 2.1, 20 - equal, equal),
                                new Measure(1 - Math.exp(-psnr / 9), 0.03, 20),
                                new Measure(1 - Math.exp(-psnr / 12) / 2, 0.02, 20),
                                new Measure(0.3 * Math.exp(-psnr / 8), 0.004, 20))));
            }
        }
        return new Fidelity(full, true, metrics, Arrays.asList(null, null, null, null), points);
    }

    private List<BitAgreement> bits() {
        List<BitAgreement> all = new ArrayList<>();
        for (double budget : BUDGETS) {
            List<Measure> steps = new ArrayList<>();
            for (int s = 0; s < geometry.steps().size(); s++) {
                double late = Math.max(0, s - 2) / (double) geometry.steps().size();
                steps.add(new Measure(1 - late * 0.4 * (1 - Math.sqrt(budget)), s < 3 ? 0 : 0.03, 20));
            }
            all.add(new BitAgreement(name("heatkv " + Shown.percent(budget)), steps));
        }
        return all;
    }

    private List<ImagePair> images() {
        List<ImagePair> pairs = new ArrayList<>();
        for (String prompt : List.of("a red circle above a blue square", "two green triangles on a sand beach")) {
            long scene = random.nextLong();
            List<LabelledPicture> compressed = new ArrayList<>();
            for (double budget : BUDGETS) {
                String remark = "PSNR " + Shown.number(20 + 20 * budget, 1) + " dB";
                compressed.add(new LabelledPicture(
                        name("heatkv " + Shown.percent(budget)), name(remark), picture(scene, 0.06 / budget)));
            }
            pairs.add(new ImagePair(name(prompt), picture(scene, 0), compressed));
        }
        return pairs;
    }

    private Picture picture(long scene, double noise) {
        Random own = new Random(scene);
        double cx = own.nextDouble() * pictureSide;
        double cy = own.nextDouble() * pictureSide;
        byte[] rgb = new byte[pictureSide * pictureSide * 3];
        for (int y = 0; y < pictureSide; y++) {
            for (int x = 0; x < pictureSide; x++) {
                boolean inside = Math.hypot(x - cx, y - cy) < pictureSide * 0.3;
                for (int c = 0; c < 3; c++) {
                    double base = inside ? (c == 0 ? 220 : 60) : 120 + 60.0 * y / pictureSide + 20 * c;
                    double value = base + noise * 20 * random.nextGaussian();
                    rgb[(y * pictureSide + x) * 3 + c] = (byte) Math.clamp(value, 0, 255);
                }
            }
        }
        return new Picture(pictureSide, pictureSide, rgb);
    }
}
