package org.headwise.schedules.runtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.headwise.model.Geometry;
import org.headwise.model.raster.Rotation;
import org.headwise.schedules.HeadKeeps;
import org.headwise.schedules.Keeping;
import org.headwise.schedules.Pooling;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;

/**
 * What the schedule of a raster model should compute, straight from the rules: nothing is ever freed, tokens that were
 * given up are masked, everything is in double precision and plain loops, positions are given to bare keys and queries.
 */
final class MaskedRaster {
    /** Two scores are so near that rounding may decide. */
    static final class NearTie extends RuntimeException {
        private static final long serialVersionUID = 1;

        NearTie(String message) {
            super(message);
        }
    }

    private static final double NEAR = 1e-5;

    private final Geometry geometry;
    private final int rows;
    private final Rotation rotation;
    private final Map<List<Integer>, HeadKeeps> rules = new HashMap<>();
    private final Map<List<Integer>, Head> heads = new HashMap<>();

    /** One kv head of one row: bare keys and values of all tokens, those that are visible, what they received. */
    private static final class Head {
        private final List<float[]> keys = new ArrayList<>();
        private final List<float[]> values = new ArrayList<>();
        private final TreeSet<Integer> visible = new TreeSet<>();
        private final List<TreeMap<Integer, Double>> received = new ArrayList<>();
    }

    MaskedRaster(Schedule schedule, Geometry geometry, int rows, Rotation rotation) {
        this.geometry = geometry;
        this.rows = rows;
        this.rotation = rotation;
        for (Rule rule : schedule.rules()) {
            HeadKeeps head = (HeadKeeps) rule;
            rules.put(List.of(head.layer(), head.kvHead()), head);
        }
    }

    private Head head(int layer, int row, int kvHead) {
        return heads.computeIfAbsent(List.of(layer, row, kvHead), key -> new Head());
    }

    void append(int layer, int row, int kvHead, float[] key, float[] value) {
        Head head = head(layer, row, kvHead);
        head.visible.add(head.keys.size());
        head.keys.add(key);
        head.values.add(value);
    }

    List<Integer> visible(int layer, int row, int kvHead) {
        return List.copyOf(head(layer, row, kvHead).visible);
    }

    /**
     * Attends and notes what is received.
     *
     * @param queries bare, one per head of the kv head
     * @param position of the query
     * @return one mixed value per head
     */
    double[][] attend(int layer, int row, int kvHead, float[][] queries, int position) {
        Head head = head(layer, row, kvHead);
        List<Integer> seen =
                head.visible.stream().filter(token -> token <= position).toList();
        HeadKeeps rule = rules.get(List.of(layer, kvHead));
        boolean anew = rule != null && rule.keeping() instanceof Keeping.Newest newest && newest.renumbered();
        double[][] out = new double[queries.length][geometry.headDim()];
        TreeMap<Integer, Double> received = new TreeMap<>();
        for (int q = 0; q < queries.length; q++) {
            float[] query = turned(queries[q], anew ? seen.size() - 1 : position);
            double[] scores = new double[seen.size()];
            double sum = 0;
            for (int i = 0; i < scores.length; i++) {
                float[] key = turned(head.keys.get(seen.get(i)), anew ? i : seen.get(i));
                scores[i] = Math.exp(dot(query, key) / Math.sqrt(query.length));
                sum += scores[i];
            }
            for (int i = 0; i < scores.length; i++) {
                received.merge(seen.get(i), scores[i] / sum, Double::sum);
                for (int d = 0; d < out[q].length; d++) {
                    out[q][d] += scores[i] / sum * head.values.get(seen.get(i))[d];
                }
            }
        }
        head.received.add(received);
        return out;
    }

    private float[] turned(float[] x, int position) {
        float[] turned = x.clone();
        rotation.rotate(turned, 0, 1, position);
        return turned;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * (double) b[i];
        }
        return sum;
    }

    /** Carries the rules of a layer out. */
    void attended(int layer, int step) {
        Map<Head, List<Integer>> gone = new HashMap<>();
        for (int row = 0; row < rows; row++) {
            for (int kvHead = 0; kvHead < geometry.kvHeads(); kvHead++) {
                HeadKeeps rule = rules.get(List.of(layer, kvHead));
                if (rule != null) {
                    gone.put(head(layer, row, kvHead), gone(rule, row, step));
                }
            }
        }
        gone.forEach((head, tokens) -> tokens.forEach(head.visible::remove));
    }

    private List<Integer> gone(HeadKeeps rule, int row, int step) {
        Head head = head(rule.layer(), row, rule.kvHead());
        int prompt = geometry.promptTokens();
        int next = prompt + step;
        List<Integer> competing = head.visible.stream()
                .filter(token -> !rule.keeping().promptKept() || token >= prompt)
                .toList();
        return switch (rule.keeping()) {
            case Keeping.Newest newest ->
                competing.stream()
                        .filter(token -> token >= newest.first() && token <= next - newest.tokens())
                        .toList();
            case Keeping.Heaviest heaviest -> {
                int stay = heaviest.best() + heaviest.recent();
                if (step % heaviest.refresh() != 0 || competing.size() <= stay) {
                    yield List.of();
                }
                // Rows of an image are neighbours.
                Head partner = heaviest.paired() ? head(rule.layer(), row ^ 1, rule.kvHead()) : null;
                yield beyond(
                        competing.subList(0, competing.size() - heaviest.recent()),
                        heaviest.best(),
                        token -> sum(head, token, 0) + (partner == null ? 0 : sum(partner, token, 0)));
            }
            case Keeping.Observed observed -> {
                if (step % observed.refresh() != 0 || competing.size() <= observed.tokens()) {
                    yield List.of();
                }
                List<Integer> before = List.copyOf(head.visible.headSet(next - observed.window()));
                Map<Integer, Double> pooled = pooled(observed, head, before);
                yield beyond(
                        competing.stream().filter(pooled::containsKey).toList(),
                        observed.tokens() - observed.window(),
                        pooled::get);
            }
            case Keeping.Chance chance -> {
                long place = (long) rule.layer() * geometry.kvHeads() + rule.kvHead();
                yield beyond(
                        competing,
                        chance.tokens(),
                        token -> new SplittableRandom(chance.seed() * 0x9E3779B97F4A7C15L + (place << 32) + token)
                                .nextDouble());
            }
        };
    }

    /** From all queries, or from the last few. */
    private static double sum(Head head, int token, int lastQueries) {
        int from = lastQueries == 0 ? 0 : Math.max(0, head.received.size() - lastQueries);
        return head.received.subList(from, head.received.size()).stream()
                .mapToDouble(received -> received.getOrDefault(token, 0.0))
                .sum();
    }

    private static Map<Integer, Double> pooled(Keeping.Observed observed, Head head, List<Integer> tokens) {
        Map<Integer, Double> pooled = new HashMap<>();
        int reach = observed.kernel() / 2;
        for (int i = 0; i < tokens.size(); i++) {
            double sum = 0;
            double most = 0;
            for (int j = Math.max(0, i - reach); j <= Math.min(tokens.size() - 1, i + reach); j++) {
                double mass = sum(head, tokens.get(j), observed.window());
                sum += mass;
                most = Math.max(most, mass);
            }
            pooled.put(tokens.get(i), observed.pooling() == Pooling.MAX ? most : sum / observed.kernel());
        }
        return pooled;
    }

    /** All but the highest. */
    private static List<Integer> beyond(List<Integer> tokens, int stay, ToDoubleFunction<Integer> score) {
        List<Integer> order = tokens.stream()
                .sorted(Comparator.comparingDouble(score).reversed().thenComparing(Comparator.naturalOrder()))
                .toList();
        if (stay > 0 && stay < order.size()) {
            double gap = score.applyAsDouble(order.get(stay - 1)) - score.applyAsDouble(order.get(stay));
            if (gap > 0 && gap < NEAR) {
                throw new NearTie("scores differ by " + gap);
            }
        }
        return order.subList(Math.min(stay, order.size()), order.size());
    }
}
