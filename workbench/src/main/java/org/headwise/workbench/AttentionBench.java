package org.headwise.workbench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.headwise.analysis.Statistics;
import org.headwise.attention.AttentionEngine;
import org.headwise.attention.BatchRow;
import org.headwise.attention.FullCache;
import org.headwise.attention.Guidance;
import org.headwise.attention.KvView;
import org.headwise.attention.Observation;
import org.headwise.calibrate.CombinedObserver;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;

/** Attention of the last of a few scales, plain and with all statistics, beside the matrix product. */
final class AttentionBench {
    private static final int HEADS = 2;
    private static final int SIDE = 64;

    /** Queries of the last scale, numbers of a head. */
    private static final int[][] SHAPES = {{8, 64}, {8, 128}, {16, 128}, {24, 128}};

    private AttentionBench() {}

    static List<BenchRow> run(Engine engine, Rounds rounds) {
        List<BenchRow> rows = new ArrayList<>();
        Runnable product = GemmBench.square(engine);
        for (int[] shape : SHAPES) {
            rows.addAll(one(engine, rounds, product, shape[0], shape[1]));
        }
        return rows;
    }

    private static List<BenchRow> one(Engine engine, Rounds rounds, Runnable product, int side, int headDim) {
        List<Grid> steps = List.of(new Grid(SIDE, SIDE), new Grid(side, side));
        Geometry geometry = new Geometry("bench", 1, HEADS, HEADS, headDim, steps);
        Random random = new Random(1);
        try (FullCache cache = new FullCache()) {
            cache.begin(geometry, 1);
            for (int step = 0; step < steps.size(); step++) {
                int count = geometry.tokens(step) * HEADS * headDim;
                cache.append(0, step, GemmBench.numbers(random, count), GemmBench.numbers(random, count));
                if (step == 0) {
                    cache.attended(0, step);
                }
            }
            KvView view = cache.view(0, 1);
            int queries = geometry.tokens(1);
            Tensor q = Tensor.of(GemmBench.numbers(random, queries * HEADS * headDim), 1, queries, HEADS, headDim);
            AttentionEngine attention = new AttentionEngine(engine);
            Observation all = new Observation(
                    geometry,
                    List.of(new BatchRow(0, Guidance.CONDITIONAL)),
                    0,
                    1,
                    new CombinedObserver(List.copyOf(Statistics.all(geometry))));
            double[][] seconds = rounds.seconds(
                    product, () -> attention.attend(view, q, 1, null), () -> attention.attend(view, q, 1, all));
            int keys = view.keys(0, 0);
            double work = 4e-9 * queries * keys * headDim * HEADS;
            String name = "attention " + queries + " x " + keys + ", heads of " + headDim + ", ";
            return List.of(
                    row(name + "plain", work, seconds[1], seconds[0]),
                    row(name + "all statistics", work, seconds[2], seconds[0]));
        }
    }

    private static BenchRow row(String name, double work, double[] seconds, double[] product) {
        return BenchRow.rate(name, work, seconds, "GFLOP/s", "product 512", GemmBench.squareWork(), product);
    }
}
