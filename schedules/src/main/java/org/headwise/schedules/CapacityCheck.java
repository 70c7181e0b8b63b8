package org.headwise.schedules;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;

/** What makes capacities impossible for a geometry. */
final class CapacityCheck {
    private final Geometry geometry;
    /** By layer, then kv head. */
    private final Map<Integer, Map<Integer, Selector>> selectors = new HashMap<>();

    private final Map<Long, Set<Integer>> seen = new HashMap<>();

    CapacityCheck(Geometry geometry) {
        this.geometry = geometry;
    }

    /** Whether a capacity seen so far is of this layer. */
    boolean limits(int layer) {
        return selectors.containsKey(layer);
    }

    /** What is wrong with one more capacity, as the end of a sentence that names it. */
    Optional<String> problem(Capacity rule) {
        int last = geometry.steps().size() - 1;
        if (geometry.raster() != null) {
            return Optional.of("limits a scale, but " + geometry.family() + " is a raster model, which has none");
        }
        if (rule.step() == last) {
            return Optional.of("limits the last step, which is never kept");
        }
        if (rule.step() < 0 || rule.step() > last) {
            return Optional.of("has no such step, expected 0 to " + (last - 1));
        }
        if (rule.layer() < 0 || rule.layer() >= geometry.layers()) {
            return Optional.of("has no such layer, expected 0 to " + (geometry.layers() - 1));
        }
        if (rule.tokens() < 0) {
            return Optional.of("keeps fewer than no tokens");
        }
        if (rule.kvHead() < Capacity.EVERY || rule.kvHead() >= geometry.kvHeads()) {
            return Optional.of("has no such kv head, expected 0 to " + (geometry.kvHeads() - 1) + ", or "
                    + Capacity.EVERY + " for every one");
        }
        Set<Integer> heads =
                seen.computeIfAbsent((long) rule.step() * geometry.layers() + rule.layer(), key -> new HashSet<>());
        if (heads.contains(Capacity.EVERY) || !rule.ofOneHead() && !heads.isEmpty() || !heads.add(rule.kvHead())) {
            return Optional.of("limits a layer at a step that an earlier rule limits already");
        }
        Map<Integer, Selector> ofLayer = selectors.computeIfAbsent(rule.layer(), layer -> new HashMap<>());
        if (ofLayer.containsKey(Capacity.EVERY) ? rule.ofOneHead() : !rule.ofOneHead() && !ofLayer.isEmpty()) {
            return Optional.of("limits single kv heads of a layer, or all, where an earlier rule does the other;"
                    + " expected one of the two in a layer");
        }
        Selector other = ofLayer.putIfAbsent(rule.kvHead(), rule.selector());
        if (other != null && !other.equals(rule.selector())) {
            return Optional.of("chooses by another selector than an earlier rule of its "
                    + (rule.ofOneHead() ? "kv head" : "layer"));
        }
        return switch (rule.selector()) {
            case Selector.Recent recent ->
                recent.first() < 0 ? Optional.of("keeps fewer than no first tokens") : Optional.empty();
            case Selector.Chance chance -> Optional.empty();
            case Selector.Observed observed -> problem(observed);
            case Selector.HeavyHitters heavy ->
                heavy.recent() < 0 ? Optional.of("keeps fewer than no newest tokens") : Optional.empty();
            case Selector.Sampled sampled ->
                sampled.queries() < 1 || sampled.first() < 0
                        ? Optional.of("asks no query, or keeps fewer than no first tokens")
                        : Optional.empty();
            case Selector.Released released ->
                rule.ofOneHead()
                        ? Optional.of("limits one kv head by the released selection, which knows layers only; use the"
                                + " paper's")
                        : problem(released, rule.tokens());
        };
    }

    private static Optional<String> problem(Selector.Observed observed) {
        if (observed.window() < 1) {
            return Optional.of("has an empty observation window");
        }
        if (observed.kernel() < 1 || observed.kernel() % 2 == 0) {
            return Optional.of("pools over " + observed.kernel() + " tokens, expected an odd number");
        }
        return Optional.empty();
    }

    private Optional<String> problem(Selector.Released released, int tokens) {
        if (released.window() < 1 || released.kernel() < 1 || released.base() < 1) {
            return Optional.of("has a window, kernel or base below 1");
        }
        if (tokens < released.window()) {
            return Optional.of("keeps fewer tokens than the window of " + released.window()
                    + ", with which the released selection stops with an error; use the paper's selection");
        }
        if (geometry.heads() != geometry.kvHeads()) {
            return Optional.of("chooses by the released selection, which knows no shared kv heads; use the paper's");
        }
        for (Grid grid : geometry.steps()) {
            if (grid.height() != grid.width()) {
                return Optional.of("chooses by the released selection, which knows square grids only, found "
                        + grid.height() + " x " + grid.width() + "; use the paper's");
            }
        }
        return Optional.empty();
    }

    /** What only all capacities together show. */
    Optional<String> problem(List<? extends Rule> rules) {
        List<LayerCapacities> layers = LayerCapacities.of(geometry, rules);
        for (int layer = 0; layer < layers.size(); layer++) {
            if (layers.get(layer) != null) {
                Optional<String> missing = layers.get(layer).missing();
                if (missing.isPresent()) {
                    return Optional.of("layer " + layer + " " + missing.get());
                }
            }
        }
        return Optional.empty();
    }
}
