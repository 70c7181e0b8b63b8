package org.headwise.schedules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.headwise.model.Geometry;

/**
 * The capacities of one layer, by step, and how many tokens its kv heads hold under them: the same in every batch row,
 * whatever the tokens are, and in all kv heads that have no capacities of their own.
 */
public final class LayerCapacities {
    private final Geometry geometry;
    /** By kv head; those without capacities of their own are together under {@link Capacity#EVERY}. */
    private final SortedMap<Integer, Capacity[]> byHead = new TreeMap<>();

    private LayerCapacities(Geometry geometry) {
        this.geometry = geometry;
        byHead.put(Capacity.EVERY, new Capacity[geometry.steps().size()]);
    }

    /** The capacities of every layer; null for layers that have none. */
    public static List<LayerCapacities> of(Geometry geometry, List<? extends Rule> rules) {
        LayerCapacities[] layers = new LayerCapacities[geometry.layers()];
        for (Rule rule : rules) {
            if (rule instanceof Capacity capacity) {
                if (layers[capacity.layer()] == null) {
                    layers[capacity.layer()] = new LayerCapacities(geometry);
                }
                layers[capacity.layer()].add(capacity);
            }
        }
        return new ArrayList<>(Arrays.asList(layers));
    }

    private void add(Capacity capacity) {
        byHead.computeIfAbsent(
                        capacity.kvHead(), head -> new Capacity[geometry.steps().size()])[capacity.step()] = capacity;
    }

    /**
     * Kv heads that hold equally many tokens.
     *
     * @param count how many kv heads these are
     * @param held what each of them holds once its attention in each step is over; the last step is not kept
     */
    record Alike(int count, int[] held) {}

    /** All kv heads of the layer. */
    List<Alike> heads() {
        List<Alike> heads = new ArrayList<>();
        byHead.forEach((head, own) -> {
            int[] held = new int[own.length];
            walk(own, (step, found, kept) -> held[step] = kept);
            heads.add(new Alike(head == Capacity.EVERY ? geometry.kvHeads() - (byHead.size() - 1) : 1, held));
        });
        return heads;
    }

    /** The capacity of a kv head at a step; null where there is none. */
    public Capacity at(int kvHead, int step) {
        return of(kvHead)[step];
    }

    /** What a kv head holds once its attention in each step is over; the last step is not kept. */
    public int[] held(int kvHead) {
        Capacity[] own = of(kvHead);
        int[] held = new int[own.length];
        walk(own, (step, found, kept) -> held[step] = kept);
        return held;
    }

    private Capacity[] of(int kvHead) {
        return byHead.getOrDefault(kvHead, byHead.get(Capacity.EVERY));
    }

    /** The released code reads a capacity whenever it has started to cut; where there is none it stops with an error. */
    Optional<String> missing() {
        List<String> problems = new ArrayList<>();
        Capacity[] capacities = byHead.get(Capacity.EVERY);
        walk(capacities, (step, found, kept) -> {
            if (kept < 0) {
                problems.add("holds " + found + " tokens at step " + step + ", beyond the base of "
                        + released(capacities).base() + ", but has no capacity there; the released selection needs one"
                        + " for every step from then on");
            }
        });
        return problems.stream().findFirst();
    }

    @FunctionalInterface
    private interface Step {
        /** @param kept tokens after the step, -1 where the released code would stop with an error */
        void at(int step, int found, int kept);
    }

    private void walk(Capacity[] bySteps, Step visit) {
        Selector.Released released = released(bySteps);
        boolean started = released == null;
        int tokens = 0;
        for (int step = 0; step < bySteps.length; step++) {
            if (step == bySteps.length - 1) {
                visit.at(step, tokens, tokens);
                return;
            }
            int found = tokens + geometry.tokens(step);
            started |= found > base(released);
            Capacity capacity = bySteps[step];
            tokens = started && capacity != null ? Math.min(found, capacity.tokens()) : found;
            visit.at(step, found, started && capacity == null && released != null ? -1 : tokens);
            started &= released == null || step != released.clearsAfter();
        }
    }

    private static int base(Selector.Released released) {
        return released == null ? 0 : released.base();
    }

    /** The selector, if it is the released one; else null. */
    private static Selector.Released released(Capacity[] bySteps) {
        for (Capacity capacity : bySteps) {
            if (capacity != null && capacity.selector() instanceof Selector.Released released) {
                return released;
            }
        }
        return null;
    }
}
