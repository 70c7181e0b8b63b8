package org.headwise.schedules.compare;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.headwise.attention.BatchRow;
import org.headwise.attention.KeyRun;
import org.headwise.attention.KeyTurn;
import org.headwise.attention.KvCache;
import org.headwise.attention.KvView;
import org.headwise.attention.Ledger;
import org.headwise.attention.Queries;
import org.headwise.attention.Received;
import org.headwise.model.Geometry;

/** Notes which tokens a cache really holds when a step is over. */
final class HeldRecorder implements KvCache {
    private final KvCache cache;
    private final List<List<BitSet>> steps = new ArrayList<>();
    private Geometry geometry;
    private Axes axes;
    private int rows;

    HeldRecorder(KvCache cache) {
        this.cache = cache;
    }

    /** The geometry of the generation, with the prompt of a raster model. */
    Geometry geometry() {
        return geometry;
    }

    int rows() {
        return rows;
    }

    /** What was held after a step of the axes. */
    BitSet held(int s, int row, int layer, int kvHead) {
        return steps.get(s).get((layer * rows + row) * geometry.kvHeads() + kvHead);
    }

    @Override
    public void begin(Geometry model, int batchRows) {
        note(model, batchRows);
        cache.begin(model, batchRows);
    }

    @Override
    public void begin(Geometry model, List<BatchRow> batchRows, KeyTurn turn) {
        note(model, batchRows.size());
        cache.begin(model, batchRows, turn);
    }

    private void note(Geometry model, int batchRows) {
        geometry = model;
        axes = Axes.of(model);
        rows = batchRows;
        steps.clear();
    }

    @Override
    public void append(int layer, int step, float[] keys, float[] values) {
        cache.append(layer, step, keys, values);
    }

    @Override
    public KvView view(int layer, int step) {
        return cache.view(layer, step);
    }

    @Override
    public boolean wantsQueries(int layer, int step) {
        return cache.wantsQueries(layer, step);
    }

    @Override
    public void queries(int layer, int step, Queries queries) {
        cache.queries(layer, step, queries);
    }

    @Override
    public Received receives(int layer, int step) {
        return cache.receives(layer, step);
    }

    @Override
    public void attended(int layer, int step) {
        cache.attended(layer, step);
        if (layer == geometry.layers() - 1 && axes.steps().contains(step)) {
            steps.add(heldAfter(step));
        }
    }

    private List<BitSet> heldAfter(int step) {
        List<BitSet> all = new ArrayList<>();
        for (int layer = 0; layer < geometry.layers(); layer++) {
            KvView view = cache.view(layer, step);
            for (int row = 0; row < rows; row++) {
                for (int head = 0; head < geometry.kvHeads(); head++) {
                    all.add(tokens(view.runs(row, head)));
                }
            }
        }
        return all;
    }

    private BitSet tokens(List<KeyRun> runs) {
        BitSet tokens = new BitSet();
        for (KeyRun run : runs) {
            int from = geometry.firstToken(run.step()) + run.firstToken();
            tokens.set(from, from + run.count());
        }
        return tokens;
    }

    @Override
    public Ledger ledger() {
        return cache.ledger();
    }

    @Override
    public void close() {
        cache.close();
    }
}
