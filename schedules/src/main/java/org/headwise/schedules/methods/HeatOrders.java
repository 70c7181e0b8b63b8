package org.headwise.schedules.methods;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.headwise.files.InputRefused;

/**
 * For every prunable source scale, all heads of the model from the one that gives this scale the least heat to the one
 * that gives it the most: the order in which HeatKV removes them.
 *
 * @param layers layers of the model
 * @param heads heads of a layer
 * @param firstSource the source scale that the first order is about; the others follow
 * @param orders per source scale a permutation of all heads
 */
public record HeatOrders(int layers, int heads, int firstSource, List<List<Slot>> orders) {
    /** One head of one layer; written as [head, layer] in HeatKV's files. */
    public record Slot(int head, int layer) {}

    public HeatOrders {
        if (layers < 1 || heads < 1 || firstSource < 0) {
            throw new IllegalArgumentException(
                    "no such orders: " + layers + " layers, " + heads + " heads, first source " + firstSource);
        }
        List<List<Slot>> checked = new ArrayList<>();
        for (List<Slot> order : orders) {
            int source = firstSource + checked.size();
            if (order.size() != layers * heads) {
                throw new InputRefused("the order of source scale " + source + " has " + order.size()
                        + " entries, expected one for each of " + layers + " layers x " + heads + " heads = "
                        + layers * heads);
            }
            BitSet seen = new BitSet();
            for (Slot slot : order) {
                if (slot.head < 0 || slot.head >= heads || slot.layer < 0 || slot.layer >= layers) {
                    throw new InputRefused("the order of source scale " + source + " names head " + slot.head
                            + " of layer " + slot.layer + ", expected [head, layer] with heads 0 to " + (heads - 1)
                            + " and layers 0 to " + (layers - 1));
                }
                if (seen.get(slot.layer * heads + slot.head)) {
                    throw new InputRefused("the order of source scale " + source + " names head " + slot.head
                            + " of layer " + slot.layer + " twice");
                }
                seen.set(slot.layer * heads + slot.head);
            }
            checked.add(List.copyOf(order));
        }
        orders = List.copyOf(checked);
    }

    /**
     * Orders by ascending (score, head, layer), as HeatKV breaks ties.
     *
     * @param scores S-CAS [layers, heads, steps]; the numbers of sources from {@code firstSource} to the last but one
     *     step must be finite, the others are not looked at
     */
    public static HeatOrders of(double[] scores, int layers, int heads, int steps, int firstSource) {
        if (scores.length != layers * heads * steps) {
            throw new IllegalArgumentException(
                    scores.length + " scores do not fill [" + layers + ", " + heads + ", " + steps + "]");
        }
        List<List<Slot>> orders = new ArrayList<>();
        for (int source = firstSource; source < steps - 1; source++) {
            record Scored(double score, Slot slot) {}
            List<Scored> scored = new ArrayList<>();
            for (int layer = 0; layer < layers; layer++) {
                for (int head = 0; head < heads; head++) {
                    double score = scores[(layer * heads + head) * steps + source];
                    if (!Double.isFinite(score)) {
                        throw new InputRefused("layer " + layer + " head " + head + " has no heat for source scale "
                                + source + " (found " + score + "), so it cannot be ranked");
                    }
                    scored.add(new Scored(score + 0.0, new Slot(head, layer)));
                }
            }
            scored.sort(Comparator.comparingDouble(Scored::score)
                    .thenComparingInt(s -> s.slot.head)
                    .thenComparingInt(s -> s.slot.layer));
            orders.add(scored.stream().map(Scored::slot).toList());
        }
        return new HeatOrders(layers, heads, firstSource, orders);
    }

    /** The last source scale that has an order; one before {@link #firstSource} when there is none. */
    public int lastSource() {
        return firstSource + orders.size() - 1;
    }

    public List<Slot> order(int source) {
        return orders.get(source - firstSource);
    }

    /** The same without the source scales before {@code source}. */
    public HeatOrders from(int source) {
        if (source < firstSource) {
            throw new InputRefused("the orders start at source scale " + firstSource + ", so scale " + source
                    + " cannot be pruned by them; protect the first " + firstSource + " scales or more");
        }
        int dropped = Math.min(source - firstSource, orders.size());
        return new HeatOrders(layers, heads, source, orders.subList(dropped, orders.size()));
    }
}
