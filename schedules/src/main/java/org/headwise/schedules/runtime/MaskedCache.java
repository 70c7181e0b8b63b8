package org.headwise.schedules.runtime;

import java.util.ArrayList;
import java.util.List;
import org.headwise.attention.FullCache;
import org.headwise.attention.KeyRun;
import org.headwise.attention.KvCache;
import org.headwise.attention.KvView;
import org.headwise.attention.Ledger;
import org.headwise.model.Geometry;

/**
 * Keeps everything and hides some of it: what a schedule should compute, without freeing a byte. Its ledger is that of
 * the full cache. Any set can be hidden at any step, also what a freed cache could not bring back.
 */
public final class MaskedCache implements KvCache {
    /** What is hidden. */
    @FunctionalInterface
    public interface Mask {
        /** Whether the keys of {@code source} are invisible to this kv head when {@code step} attends. */
        boolean hides(int step, int source, int layer, int kvHead);
    }

    private final FullCache full = new FullCache();
    private final Mask mask;
    private Geometry geometry;

    public MaskedCache(Mask mask) {
        this.mask = mask;
    }

    @Override
    public void begin(Geometry model, int rows) {
        geometry = model;
        full.begin(model, rows);
    }

    @Override
    public void append(int layer, int step, float[] keys, float[] values) {
        full.append(layer, step, keys, values);
    }

    @Override
    public KvView view(int layer, int step) {
        List<List<KeyRun>> visible = new ArrayList<>();
        for (int head = 0; head < geometry.kvHeads(); head++) {
            List<KeyRun> runs = new ArrayList<>();
            for (int source = 0; source <= step; source++) {
                if (source == step || !mask.hides(step, source, layer, head)) {
                    runs.add(new KeyRun(source, 0, geometry.tokens(source)));
                }
            }
            visible.add(List.copyOf(runs));
        }
        return new View(full.view(layer, step), geometry, visible);
    }

    @Override
    public void attended(int layer, int step) {
        full.attended(layer, step);
    }

    @Override
    public Ledger ledger() {
        return full.ledger();
    }

    @Override
    public void close() {
        full.close();
    }

    private record View(KvView full, Geometry geometry, List<List<KeyRun>> visible) implements KvView {
        @Override
        public int headDim() {
            return full.headDim();
        }

        @Override
        public int kvHeads() {
            return full.kvHeads();
        }

        @Override
        public int keys(int row, int kvHead) {
            return visible.get(kvHead).stream().mapToInt(KeyRun::count).sum();
        }

        @Override
        public void copyKeys(int row, int kvHead, int from, int count, float[] into, int offset) {
            copy(full::copyKeys, row, kvHead, from, count, into, offset);
        }

        @Override
        public void copyValues(int row, int kvHead, int from, int count, float[] into, int offset) {
            copy(full::copyValues, row, kvHead, from, count, into, offset);
        }

        @FunctionalInterface
        private interface Copy {
            void run(int row, int kvHead, int from, int count, float[] into, int offset);
        }

        private void copy(Copy copy, int row, int kvHead, int from, int count, float[] into, int offset) {
            int first = 0;
            for (KeyRun run : visible.get(kvHead)) {
                int begin = Math.max(from, first);
                int end = Math.min(from + count, first + run.count());
                if (begin < end) {
                    int token = geometry.firstToken(run.step()) + begin - first;
                    copy.run(row, kvHead, token, end - begin, into, offset + (begin - from) * geometry.headDim());
                }
                first += run.count();
            }
        }

        @Override
        public List<KeyRun> runs(int row, int kvHead) {
            return visible.get(kvHead);
        }
    }
}
