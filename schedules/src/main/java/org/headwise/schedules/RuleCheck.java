package org.headwise.schedules;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.headwise.model.Geometry;

/** What makes a list of rules impossible for a geometry. */
final class RuleCheck {
    private RuleCheck() {}

    /** The first thing wrong, as the end of a sentence that names the rule; empty when all is well. */
    static Optional<String> problem(Geometry geometry, List<? extends Rule> rules) {
        Set<Long> evicted = new HashSet<>();
        CapacityCheck capacities = new CapacityCheck(geometry);
        KeepingCheck heads = new KeepingCheck(geometry);
        for (int i = 0; i < rules.size(); i++) {
            Optional<String> problem = switch (rules.get(i)) {
                case EvictScale evict -> problem(geometry, evict, evicted);
                case Capacity capacity -> capacities.problem(capacity);
                case HeadKeeps head -> heads.problem(head);
            };
            if (problem.isPresent()) {
                return Optional.of("rule " + i + " (" + rules.get(i) + ") " + problem.get());
            }
        }
        for (Rule rule : rules) {
            if (rule instanceof EvictScale evict && capacities.limits(evict.layer())) {
                return Optional.of(
                        evict + " evicts a scale from a layer whose tokens a capacity chooses; a layer can have"
                                + " one or the other");
            }
        }
        return capacities.problem(rules);
    }

    private static Optional<String> problem(Geometry geometry, EvictScale rule, Set<Long> evicted) {
        int steps = geometry.steps().size();
        if (geometry.raster() != null) {
            return Optional.of("evicts a scale, but " + geometry.family() + " is a raster model, which has none");
        }
        if (rule.source() == steps - 1) {
            return Optional.of("evicts the last step, which is never kept");
        }
        if (out(rule.source(), steps - 1)) {
            return Optional.of("has no such source, expected 0 to " + (steps - 2));
        }
        if (out(rule.layer(), geometry.layers())) {
            return Optional.of("has no such layer, expected 0 to " + (geometry.layers() - 1));
        }
        if (out(rule.kvHead(), geometry.kvHeads())) {
            return Optional.of("has no such kv head, expected 0 to " + (geometry.kvHeads() - 1));
        }
        if (out(rule.afterStep(), steps)) {
            return Optional.of("takes effect after no such step, expected 0 to " + (steps - 1));
        }
        if (rule.afterLayer() < -1 || rule.afterLayer() >= geometry.layers()) {
            return Optional.of("takes effect after no such layer, expected -1 to " + (geometry.layers() - 1));
        }
        if (rule.afterStep() < rule.source() || rule.afterStep() == rule.source() && rule.afterLayer() < rule.layer()) {
            return Optional.of("evicts keys before they exist");
        }
        long unit = ((long) rule.source() * geometry.layers() + rule.layer()) * geometry.kvHeads() + rule.kvHead();
        if (!evicted.add(unit)) {
            return Optional.of("evicts keys that an earlier rule evicts already");
        }
        return Optional.empty();
    }

    private static boolean out(int value, int count) {
        return value < 0 || value >= count;
    }
}
