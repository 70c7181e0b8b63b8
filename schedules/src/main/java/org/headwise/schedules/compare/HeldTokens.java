package org.headwise.schedules.compare;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.headwise.model.Geometry;
import org.headwise.schedules.Capacity;
import org.headwise.schedules.EvictScale;
import org.headwise.schedules.HeadKeeps;
import org.headwise.schedules.Keeping;
import org.headwise.schedules.LayerCapacities;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.runtime.KnownChoice;

/**
 * What a schedule says, before anything runs, of the tokens that each kv head holds after each step. Evicted scales and
 * tokens chosen by position or by random numbers are known exactly; of tokens chosen by their attention it is known how
 * many there are, which ones are held in any case and which ones can no longer be.
 */
final class HeldTokens {
    private final Geometry geometry;
    private final List<LayerCapacities> capacities;
    private final List<List<List<EvictScale>>> evictions = new ArrayList<>();
    private final Map<List<Integer>, Keeping> keeping = new HashMap<>();

    HeldTokens(Schedule schedule) {
        geometry = schedule.geometry();
        capacities = LayerCapacities.of(geometry, schedule.rules());
        for (int layer = 0; layer < geometry.layers(); layer++) {
            evictions.add(IntStream.range(0, geometry.kvHeads())
                    .<List<EvictScale>>mapToObj(head -> new ArrayList<>())
                    .toList());
        }
        for (Rule rule : schedule.rules()) {
            switch (rule) {
                case EvictScale evict ->
                    evictions.get(evict.layer()).get(evict.kvHead()).add(evict);
                case Capacity capacity -> {}
                case HeadKeeps head -> keeping.put(List.of(head.layer(), head.kvHead()), head.keeping());
            }
        }
    }

    /** After each step, in order; the last step's own tokens are never kept. */
    List<KnownTokens> after(int layer, int kvHead) {
        Keeping kept = keeping.get(List.of(layer, kvHead));
        if (kept != null) {
            return KeptBySteps.of(kept, geometry);
        }
        LayerCapacities limits = capacities.get(layer);
        return limits == null ? evicted(evictions.get(layer).get(kvHead)) : cut(limits, limits.held(kvHead), kvHead);
    }

    /** @param rules in the order in which they take effect */
    private List<KnownTokens> evicted(List<EvictScale> rules) {
        List<KnownTokens> after = new ArrayList<>();
        BitSet held = new BitSet();
        int next = 0;
        int last = geometry.steps().size() - 1;
        for (int step = 0; step <= last; step++) {
            if (step < last) {
                held.set(geometry.firstToken(step), geometry.firstToken(step + 1));
            }
            for (; next < rules.size() && rules.get(next).afterStep() == step; next++) {
                int source = rules.get(next).source();
                held.clear(geometry.firstToken(source), geometry.firstToken(source + 1));
            }
            after.add(KnownTokens.exactly((BitSet) held.clone()));
        }
        return after;
    }

    private List<KnownTokens> cut(LayerCapacities limits, int[] counts, int kvHead) {
        List<KnownTokens> after = new ArrayList<>();
        BitSet certain = new BitSet();
        BitSet possible = new BitSet();
        int repeated = 0;
        for (int step = 0; step < counts.length; step++) {
            if (step < counts.length - 1) {
                certain.set(geometry.firstToken(step), geometry.firstToken(step + 1));
                possible.set(geometry.firstToken(step), geometry.firstToken(step + 1));
                int found = (step == 0 ? 0 : counts[step - 1]) + geometry.tokens(step);
                if (counts[step] < found) {
                    Capacity capacity = limits.at(kvHead, step);
                    certain = certain(capacity, kvHead, found, certain, possible, repeated);
                    repeated += KnownChoice.repeated(capacity.selector());
                    if (certain.cardinality() == counts[step]) {
                        possible = (BitSet) certain.clone();
                    }
                }
            }
            int least = Math.max(certain.cardinality(), counts[step] - repeated);
            after.add(new KnownTokens(
                    (BitSet) certain.clone(), (BitSet) possible.clone(), least, Math.max(least, counts[step])));
        }
        return after;
    }

    /** Tokens that are held in any case once a capacity took effect. */
    private BitSet certain(Capacity capacity, int kvHead, int found, BitSet before, BitSet possible, int repeated) {
        BitSet stay = new BitSet();
        int[] window = KnownChoice.window(geometry, capacity, kvHead, found);
        if (repeated == 0 && before.equals(possible)) {
            int[] held = before.stream().toArray();
            IntStream.of(window).forEach(key -> stay.set(held[key]));
            return stay;
        }
        // Of which tokens the keys are is known at both ends: as far as all tokens from there on are held in any case.
        int first = repeated == 0 ? before.nextClearBit(0) : 0;
        int made = geometry.firstToken(capacity.step() + 1);
        int last = repeated == 0 ? before.previousClearBit(made - 1) + 1 : geometry.firstToken(capacity.step());
        for (int key : window) {
            if (key < first) {
                stay.set(key);
            } else if (found - key <= made - last) {
                stay.set(made - (found - key));
            }
        }
        return stay;
    }
}
