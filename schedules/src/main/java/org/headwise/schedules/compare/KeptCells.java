package org.headwise.schedules.compare;

import org.headwise.model.Geometry;

/** What one schedule keeps after each step, by source, layer and kv head. */
public final class KeptCells {
    /** In place of a source, layer or kv head: all of them. */
    public static final int ALL = -1;

    private final int sources;
    private final int layers;
    private final int heads;
    private final long[] least;
    private final long[] most;
    /** What a kv head of the full cache holds, [step][source]. */
    private final long[] full;

    private long samples;

    KeptCells(Geometry geometry, Axes axes) {
        sources = axes.sources().size();
        layers = geometry.layers();
        heads = geometry.kvHeads();
        int cells = axes.steps().size() * (sources + 1);
        least = new long[cells * layers * heads];
        most = new long[cells * layers * heads];
        full = new long[cells];
    }

    /** One more batch row begins, of a generation whose tokens lie on these axes. */
    void begin(Axes axes) {
        samples++;
        for (int s = 0; s < axes.steps().size(); s++) {
            int made = axes.made().get(s);
            for (int source = 0; source < sources; source++) {
                Axes.Source tokens = axes.sources().get(source);
                full[s * (sources + 1) + source] += Math.clamp(made - tokens.from(), 0, tokens.to() - tokens.from());
            }
            full[s * (sources + 1) + sources] += made;
        }
    }

    void add(Axes axes, int s, int layer, int head, KnownTokens tokens) {
        for (int source = 0; source < sources; source++) {
            Axes.Source of = axes.sources().get(source);
            add(index(s, source, layer, head), tokens.within(of.from(), of.to()));
        }
        add(index(s, sources, layer, head), tokens);
    }

    private void add(int cell, KnownTokens tokens) {
        least[cell] += tokens.least();
        most[cell] += tokens.most();
    }

    private int index(int s, int source, int layer, int head) {
        return ((s * (sources + 1) + source) * layers + layer) * heads + head;
    }

    /**
     * What is kept.
     *
     * @param s index of the step among those of the axes
     * @param source index of the source, or {@link #ALL}
     * @param layer a layer, or {@link #ALL}
     * @param head a kv head, or {@link #ALL}
     */
    public Kept at(int s, int source, int layer, int head) {
        int of = source == ALL ? sources : source;
        long low = 0;
        long high = 0;
        int cells = 0;
        for (int l = layer == ALL ? 0 : layer; l < (layer == ALL ? layers : layer + 1); l++) {
            for (int h = head == ALL ? 0 : head; h < (head == ALL ? heads : head + 1); h++) {
                low += least[index(s, of, l, h)];
                high += most[index(s, of, l, h)];
                cells++;
            }
        }
        double n = samples;
        return new Kept(low / n, high / n, cells * full[s * (sources + 1) + of] / n);
    }
}
