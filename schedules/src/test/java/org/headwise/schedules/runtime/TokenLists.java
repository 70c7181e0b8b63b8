package org.headwise.schedules.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.headwise.attention.Queries;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.schedules.Capacity;
import org.headwise.schedules.EvictScale;
import org.headwise.schedules.Placement;
import org.headwise.schedules.Pooling;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.Selector;

/** What a cache that chooses tokens should hold: plain lists, cut by the words of the selectors and nothing shared. */
final class TokenLists {
    /**
     * @param index among the tokens of all steps
     * @param received one number: attention so far
     */
    record Token(int index, int step, float[] key, float[] value, double[] received) {}

    private final Schedule schedule;
    private final Geometry geometry;
    private final int rows;
    private final List<List<Token>> heads = new ArrayList<>();
    private final boolean[] started;

    TokenLists(Schedule schedule, int rows) {
        this.schedule = schedule;
        this.geometry = schedule.geometry();
        this.rows = rows;
        this.started = new boolean[geometry.layers()];
        for (int i = 0; i < geometry.layers() * rows * geometry.kvHeads(); i++) {
            heads.add(new ArrayList<>());
        }
    }

    List<Token> held(int layer, int row, int head) {
        return heads.get((layer * rows + row) * geometry.kvHeads() + head);
    }

    void append(int layer, int step, float[] keys, float[] values) {
        int dim = geometry.headDim();
        for (int row = 0; row < rows; row++) {
            for (int token = 0; token < geometry.tokens(step); token++) {
                for (int head = 0; head < geometry.kvHeads(); head++) {
                    int at = ((row * geometry.tokens(step) + token) * geometry.kvHeads() + head) * dim;
                    held(layer, row, head)
                            .add(new Token(
                                    geometry.firstToken(step) + token,
                                    step,
                                    Arrays.copyOfRange(keys, at, at + dim),
                                    Arrays.copyOfRange(values, at, at + dim),
                                    new double[1]));
                }
            }
        }
    }

    /** @param cuts what the cache says to have chosen, for the random selector, which nobody can foretell */
    void attended(int layer, int step, Queries queries, List<TokenCut> cuts) {
        for (int row = 0; row < rows; row++) {
            for (int head = 0; head < geometry.kvHeads(); head++) {
                List<Token> held = held(layer, row, head);
                double[] mass = mass(
                        queries,
                        row,
                        head,
                        IntStream.range(0, geometry.tokens(step)).boxed().toList(),
                        held);
                for (int k = 0; k < mass.length; k++) {
                    held.get(k).received[0] += mass[k];
                }
            }
        }
        for (Rule rule : schedule.rules()) {
            if (rule instanceof EvictScale evict && evict.afterStep() == step && evict.layer() == layer) {
                for (int row = 0; row < rows; row++) {
                    held(layer, row, evict.kvHead()).removeIf(token -> token.step == evict.source());
                }
            }
            if (rule instanceof Capacity capacity && capacity.step() == step && capacity.layer() == layer) {
                int first = Math.max(0, capacity.kvHead());
                int end = capacity.kvHead() == Capacity.EVERY ? geometry.kvHeads() : first + 1;
                int count = held(layer, 0, first).size();
                if (capacity.selector() instanceof Selector.Released released) {
                    started[layer] |= count > released.base();
                    if (!started[layer]) {
                        continue;
                    }
                    started[layer] = step != released.clearsAfter();
                }
                if (count > capacity.tokens()) {
                    for (int row = 0; row < rows; row++) {
                        for (int head = first; head < end; head++) {
                            cut(capacity, row, head, queries, cuts);
                        }
                    }
                }
            }
        }
    }

    private void cut(Capacity capacity, int row, int head, Queries queries, List<TokenCut> cuts) {
        List<Token> held = held(capacity.layer(), row, head);
        TokenCut said = cuts.stream()
                .filter(cut -> cut.row() == row && cut.kvHead() == head)
                .findFirst()
                .orElseThrow();
        Set<Integer> kept = switch (capacity.selector()) {
            case Selector.Recent recent -> recent(recent, capacity.tokens(), held.size());
            case Selector.Chance chance -> random(said, cuts, capacity.tokens(), held.size());
            case Selector.Observed observed -> observed(observed, capacity, row, head, queries, held);
            case Selector.HeavyHitters heavy -> heavy(heavy.recent(), capacity.tokens(), held);
            case Selector.Sampled sampled -> sampled(sampled, capacity, row, head, queries, held);
            case Selector.Released released -> released(released, capacity, row, head, queries, held);
        };
        List<Token> stay = kept.stream().map(held::get).toList();
        held.clear();
        held.addAll(stay);
    }

    private static Set<Integer> recent(Selector.Recent recent, int tokens, int held) {
        Set<Integer> kept = new TreeSet<>();
        for (int i = 0; i < recent.first() && kept.size() < tokens; i++) {
            kept.add(i);
        }
        for (int i = held - 1; kept.size() < tokens; i--) {
            kept.add(i);
        }
        return kept;
    }

    /** Ordered by what comes first: initial tokens, then the newest step's, then by attention, then by place. */
    private Set<Integer> sampled(
            Selector.Sampled sampled, Capacity capacity, int row, int head, Queries queries, List<Token> held) {
        Grid grid = geometry.steps().get(capacity.step());
        List<Integer> asked = sampled.placement() == Placement.NEWEST
                ? IntStream.range(Math.max(0, grid.tokens() - sampled.queries()), grid.tokens())
                        .boxed()
                        .toList()
                : patches(grid, (int) Math.floor(Math.sqrt(sampled.queries())));
        double[] mass = mass(queries, row, head, asked, held);
        Comparator<Integer> order = Comparator.comparing((Integer i) -> i >= sampled.first());
        if (sampled.newest()) {
            order = order.thenComparing(i -> i >= sampled.first() && held.get(i).step() != capacity.step());
        }
        order = order.thenComparing(i -> i < sampled.first() ? 0 : -mass[i]).thenComparing(i -> i);
        return new TreeSet<>(IntStream.range(0, held.size())
                .boxed()
                .sorted(order)
                .limit(capacity.tokens())
                .toList());
    }

    private static Set<Integer> heavy(int recent, int tokens, List<Token> held) {
        Set<Integer> kept = new TreeSet<>();
        for (int i = held.size() - 1; kept.size() < Math.min(recent, tokens); i--) {
            kept.add(i);
        }
        return highest(held.stream().mapToDouble(token -> token.received[0]).toArray(), kept, tokens);
    }

    private static Set<Integer> random(TokenCut said, List<TokenCut> cuts, int tokens, int held) {
        Set<Integer> kept = new TreeSet<>(Arrays.stream(said.kept()).boxed().toList());
        assertEquals(tokens, kept.size());
        assertTrue(kept.stream().allMatch(i -> i >= 0 && i < held));
        Set<List<Integer>> ofRows = new HashSet<>();
        cuts.stream()
                .filter(cut -> cut.kvHead() == said.kvHead())
                .forEach(cut -> ofRows.add(Arrays.stream(cut.kept()).boxed().toList()));
        assertEquals(1, ofRows.size(), "every row keeps the same");
        return kept;
    }

    private Set<Integer> observed(
            Selector.Observed observed, Capacity capacity, int row, int head, Queries queries, List<Token> held) {
        Grid grid = geometry.steps().get(capacity.step());
        int most = Math.min(observed.window(), capacity.tokens());
        List<Integer> window = observed.placement() == Placement.NEWEST
                ? IntStream.range(Math.max(0, grid.tokens() - most), grid.tokens())
                        .boxed()
                        .toList()
                : patches(grid, (int) Math.floor(Math.sqrt(most)));
        double[] mass = mass(queries, row, head, window, held);
        int offset = held.size() - grid.tokens();
        Set<Integer> kept = new TreeSet<>(window.stream().map(t -> t + offset).toList());
        return highest(pool(mass, observed.kernel(), observed.pooling()), kept, capacity.tokens());
    }

    private double[] mass(Queries queries, int row, int head, List<Integer> window, List<Token> held) {
        double[] mass = new double[held.size()];
        int group = geometry.heads() / geometry.kvHeads();
        for (int token : window) {
            for (int h = head * group; h < (head + 1) * group; h++) {
                double[] e = new double[held.size()];
                for (int k = 0; k < e.length; k++) {
                    double logit = queries.scale() * dot(queries, row, token, h, held.get(k).key);
                    e[k] = Math.exp(logit);
                }
                double sum = Arrays.stream(e).sum();
                for (int k = 0; k < e.length; k++) {
                    mass[k] += e[k] / sum;
                }
            }
        }
        return mass;
    }

    private static List<Integer> patches(Grid grid, int side) {
        List<Integer> window = new ArrayList<>();
        int rows = Math.min(side, grid.height());
        int columns = Math.min(side, grid.width());
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                int y = (r * grid.height() / rows + (r + 1) * grid.height() / rows - 1) / 2;
                int x = (c * grid.width() / columns + (c + 1) * grid.width() / columns - 1) / 2;
                window.add(y * grid.width() + x);
            }
        }
        return window;
    }

    private double dot(Queries queries, int row, int token, int head, float[] key) {
        double dot = 0;
        int at = ((row * queries.attending().dim(1) + token) * geometry.heads() + head) * geometry.headDim();
        for (int i = 0; i < key.length; i++) {
            dot += (double) queries.attending().data()[at + i] * key[i];
        }
        return dot;
    }

    private static double[] pool(double[] x, int kernel, Pooling pooling) {
        double[] out = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            double[] near = Arrays.copyOfRange(x, Math.max(0, i - kernel / 2), Math.min(x.length, i + kernel / 2 + 1));
            out[i] = pooling == Pooling.MAX
                    ? Arrays.stream(near).max().orElseThrow()
                    : Arrays.stream(near).sum() / kernel;
        }
        return out;
    }

    /** Adds the highest scores, of equal ones the first, until there are enough. */
    private static Set<Integer> highest(double[] scores, Set<Integer> kept, int tokens) {
        IntStream.range(0, scores.length)
                .boxed()
                .filter(i -> !kept.contains(i))
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .limit(tokens - kept.size())
                .toList()
                .forEach(kept::add);
        return kept;
    }

    /** Square grids, max pooling, windows inside the newest scale or of its newest tokens. */
    private Set<Integer> released(
            Selector.Released released, Capacity capacity, int row, int head, Queries queries, List<Token> held) {
        int side = geometry.steps().get(capacity.step()).width();
        int offset = held.size() - side * side;
        int grid = (int) Math.sqrt(released.window());
        List<Integer> window = new ArrayList<>();
        if (grid * grid == released.window() && side >= grid) {
            int patch = side / grid;
            for (int r = 0; r < grid; r++) {
                for (int c = 0; c < grid; c++) {
                    window.add(offset + (r * patch + (patch - 1) / 2) * side + c * patch + (patch - 1) / 2);
                }
            }
        } else {
            for (int i = Math.max(0, held.size() - released.window()); i < held.size(); i++) {
                window.add(i);
            }
        }
        double[] scores = new double[held.size()];
        for (int token : window) {
            for (int k = 0; k < scores.length; k++) {
                scores[k] += dot(queries, row, Math.clamp(token - offset, 0, side * side - 1), head, held.get(k).key)
                        / Math.sqrt(geometry.headDim());
            }
        }
        window.forEach(token -> scores[token] = Double.NEGATIVE_INFINITY);
        return highest(pool(scores, released.kernel(), released.pooling()), new TreeSet<>(window), capacity.tokens());
    }
}
