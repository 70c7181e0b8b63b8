package org.headwise.schedules.conform;

import java.util.ArrayList;
import java.util.List;
import org.headwise.attention.CacheAround;
import org.headwise.attention.KeyRun;
import org.headwise.attention.KvCache;
import org.headwise.attention.KvView;
import org.headwise.model.ForwardProbe;
import org.headwise.model.Geometry;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.runtime.RasterCache;
import org.headwise.schedules.runtime.Storage;
import org.headwise.tensor.Tensor;

/** A cache with one-token pages that notes what every step attends to, and what its tokens received so far. */
final class EvictionTrace implements CacheAround, ForwardProbe {
    private final RasterCache cache;
    private final Geometry geometry;
    private final int rows;
    private final int positions;
    /** [steps - 1, layers, rows, kv heads, positions]. */
    private final int[] attended;
    /** [steps, layers, rows, kv heads, positions]. */
    private final double[] mass;

    private final List<float[]> logits = new ArrayList<>();

    EvictionTrace(Schedule schedule, Geometry geometry, int rows) {
        this.cache = new RasterCache(schedule, Storage.F32, 1, Long.MAX_VALUE, this::look);
        this.geometry = geometry;
        this.rows = rows;
        this.positions = geometry.totalTokens();
        this.attended = new int[at(geometry.steps().size() - 1, 0, 0, 0)];
        this.mass = new double[at(geometry.steps().size(), 0, 0, 0)];
    }

    private int at(int step, int layer, int row, int kvHead) {
        return (((step * geometry.layers() + layer) * rows + row) * geometry.kvHeads() + kvHead) * positions;
    }

    private void look(int layer, int step, int row, int kvHead, int[] tokens, double[] received) {
        for (int i = 0; i < received.length; i++) {
            mass[at(step, layer, row, kvHead) + tokens[i]] = received[i];
        }
    }

    int[] attendedSets() {
        return attended;
    }

    double[] accumulated() {
        return mass;
    }

    /** [steps, rows, codes]. */
    float[] logits() {
        return JanusTrace.joined(logits);
    }

    @Override
    public void see(String name, Tensor value) {
        if (name.endsWith(".logits")) {
            logits.add(value.data().clone());
        }
    }

    @Override
    public KvCache inner() {
        return cache;
    }

    @Override
    public KvView view(int layer, int step) {
        KvView view = cache.view(layer, step);
        for (int row = 0; row < rows && step > 0; row++) {
            for (int head = 0; head < geometry.kvHeads(); head++) {
                for (KeyRun run : view.runs(row, head)) {
                    int first = geometry.firstToken(run.step()) + run.firstToken();
                    for (int token = first; token < first + run.count(); token++) {
                        attended[at(step - 1, layer, row, head) + token] = 1;
                    }
                }
            }
        }
        return view;
    }
}
