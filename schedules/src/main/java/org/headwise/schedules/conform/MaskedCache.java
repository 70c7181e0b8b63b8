package org.headwise.schedules.conform;

import java.util.ArrayList;
import java.util.List;
import org.headwise.attention.FullCache;
import org.headwise.attention.KeyRun;
import org.headwise.attention.KvCache;
import org.headwise.attention.KvView;
import org.headwise.attention.Ledger;
import org.headwise.model.Geometry;

/**
 * A full cache that hides source scales from heads. It frees nothing and its ledger says so: it shows what a schedule
 * does to the image, as plainly as possible, and is what a compressed cache is compared with.
 */
final class MaskedCache implements KvCache {
    private final FullCache full;
    private final RemovedScales removed;

    MaskedCache(FullCache full, RemovedScales removed) {
        this.full = full;
        this.removed = removed;
    }

    @Override
    public void begin(Geometry geometry, int rows) {
        full.begin(geometry, rows);
    }

    @Override
    public void append(int layer, int step, float[] keys, float[] values) {
        full.append(layer, step, keys, values);
    }

    @Override
    public KvView view(int layer, int step) {
        return new View(full.view(layer, step), removed, layer, step);
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

    private record View(KvView all, RemovedScales removed, int layer, int step) implements KvView {
        @Override
        public int headDim() {
            return all.headDim();
        }

        @Override
        public int kvHeads() {
            return all.kvHeads();
        }

        @Override
        public int keys(int row, int kvHead) {
            return runs(row, kvHead).stream().mapToInt(KeyRun::count).sum();
        }

        @Override
        public List<KeyRun> runs(int row, int kvHead) {
            List<KeyRun> visible = new ArrayList<>();
            for (KeyRun run : all.runs(row, kvHead)) {
                if (run.step() == step || !removed.removed(step, run.step(), layer, kvHead)) {
                    visible.add(run);
                }
            }
            return visible;
        }

        @Override
        public void copyKeys(int row, int kvHead, int from, int count, float[] into, int offset) {
            copy(
                    row,
                    kvHead,
                    from,
                    count,
                    (start, length, at) -> all.copyKeys(row, kvHead, start, length, into, offset + at));
        }

        @Override
        public void copyValues(int row, int kvHead, int from, int count, float[] into, int offset) {
            copy(
                    row,
                    kvHead,
                    from,
                    count,
                    (start, length, at) -> all.copyValues(row, kvHead, start, length, into, offset + at));
        }

        private interface Part {
            void copy(int start, int length, int at);
        }

        /** Walks all keys and the visible ones side by side. */
        private void copy(int row, int kvHead, int from, int count, Part part) {
            List<KeyRun> visible = runs(row, kvHead);
            int inAll = 0;
            int seen = 0;
            for (KeyRun run : all.runs(row, kvHead)) {
                if (visible.contains(run)) {
                    int begin = Math.max(from, seen);
                    int end = Math.min(from + count, seen + run.count());
                    if (begin < end) {
                        part.copy(inAll + begin - seen, end - begin, (begin - from) * headDim());
                    }
                    seen += run.count();
                }
                inAll += run.count();
            }
        }
    }
}
