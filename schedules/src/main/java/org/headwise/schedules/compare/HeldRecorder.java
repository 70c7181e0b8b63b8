package org.headwise.schedules.compare;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.headwise.attention.BatchRow;
import org.headwise.attention.CacheAround;
import org.headwise.attention.KeyRun;
import org.headwise.attention.KeyTurn;
import org.headwise.attention.KvCache;
import org.headwise.attention.KvView;
import org.headwise.model.Geometry;

/** Notes which tokens a cache really holds when a step is over. */
final class HeldRecorder implements CacheAround {
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
    public KvCache inner() {
        return cache;
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
}
