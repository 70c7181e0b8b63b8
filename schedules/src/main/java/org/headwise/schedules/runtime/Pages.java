package org.headwise.schedules.runtime;

import java.util.ArrayList;
import java.util.List;
import org.headwise.attention.KeyRun;
import org.headwise.attention.KvView;
import org.headwise.model.Geometry;

/**
 * The page tables of one generation: for every source step, layer, batch row and kv head the pages with its keys and
 * values. A page holds the keys of its tokens [tokens, headDim], then their values.
 */
final class Pages {
    private final Geometry geometry;
    private final int rows;
    private final int pageTokens;
    private final Storage storage;
    private final PagePool pool;
    private final int[][] tables;

    Pages(Geometry geometry, int rows, int pageTokens, Storage storage, PagePool pool) {
        this.geometry = geometry;
        this.rows = rows;
        this.pageTokens = pageTokens;
        this.storage = storage;
        this.pool = pool;
        this.tables = new int[geometry.steps().size() * geometry.layers() * rows * geometry.kvHeads()][];
    }

    private int unit(int source, int layer, int row, int head) {
        return ((source * geometry.layers() + layer) * rows + row) * geometry.kvHeads() + head;
    }

    /** Stores keys and values [rows, tokens of the step, kvHeads, headDim]. */
    void put(int layer, int step, float[] keys, float[] values) {
        int tokens = geometry.tokens(step);
        int headDim = geometry.headDim();
        int expected = rows * tokens * geometry.kvHeads() * headDim;
        if (keys.length != expected || values.length != expected || tables[unit(step, layer, 0, 0)] != null) {
            throw new IllegalStateException("step " + step + " of layer " + layer + " brings " + keys.length
                    + " numbers of keys where " + expected + " are expected once");
        }
        long valuesAt = (long) pageTokens * headDim * storage.bytes();
        for (int row = 0; row < rows; row++) {
            for (int head = 0; head < geometry.kvHeads(); head++) {
                int[] table = new int[(tokens + pageTokens - 1) / pageTokens];
                for (int p = 0; p < table.length; p++) {
                    table[p] = pool.take();
                }
                tables[unit(step, layer, row, head)] = table;
                for (int token = 0; token < tokens; token++) {
                    int page = table[token / pageTokens];
                    long at = pool.offset(page) + (long) token % pageTokens * headDim * storage.bytes();
                    int from = ((row * tokens + token) * geometry.kvHeads() + head) * headDim;
                    storage.store(keys, from, headDim, pool.slab(page), at);
                    storage.store(values, from, headDim, pool.slab(page), at + valuesAt);
                }
            }
        }
    }

    /** Returns the pages of one source step and kv head, of all batch rows. */
    void release(int source, int layer, int head) {
        for (int row = 0; row < rows; row++) {
            int unit = unit(source, layer, row, head);
            for (int page : tables[unit]) {
                pool.giveBack(page);
            }
            tables[unit] = null;
        }
    }

    /** What a step of a layer sees: its own tokens and those of earlier steps that were not released. */
    KvView view(int layer, int step) {
        List<List<KeyRun>> runs = new ArrayList<>();
        for (int head = 0; head < geometry.kvHeads(); head++) {
            List<KeyRun> visible = new ArrayList<>();
            for (int source = 0; source <= step; source++) {
                if (tables[unit(source, layer, 0, head)] != null) {
                    visible.add(new KeyRun(source, 0, geometry.tokens(source)));
                }
            }
            runs.add(List.copyOf(visible));
        }
        return new View(layer, runs);
    }

    private void load(int[] table, int first, int count, long part, float[] into, int at) {
        int headDim = geometry.headDim();
        for (int token = first; token < first + count; ) {
            int page = table[token / pageTokens];
            int within = token % pageTokens;
            int length = Math.min(pageTokens - within, first + count - token);
            storage.load(
                    pool.slab(page),
                    pool.offset(page) + (part + (long) within * headDim) * storage.bytes(),
                    length * headDim,
                    into,
                    at + (token - first) * headDim);
            token += length;
        }
    }

    private final class View implements KvView {
        private final int layer;
        private final List<List<KeyRun>> runs;

        View(int layer, List<List<KeyRun>> runs) {
            this.layer = layer;
            this.runs = runs;
        }

        @Override
        public int headDim() {
            return geometry.headDim();
        }

        @Override
        public int kvHeads() {
            return geometry.kvHeads();
        }

        @Override
        public int keys(int row, int kvHead) {
            return runs.get(kvHead).stream().mapToInt(KeyRun::count).sum();
        }

        @Override
        public void copyKeys(int row, int kvHead, int from, int count, float[] into, int offset) {
            copy(row, kvHead, from, count, 0, into, offset);
        }

        @Override
        public void copyValues(int row, int kvHead, int from, int count, float[] into, int offset) {
            copy(row, kvHead, from, count, (long) pageTokens * geometry.headDim(), into, offset);
        }

        private void copy(int row, int kvHead, int from, int count, long part, float[] into, int offset) {
            int first = 0;
            for (KeyRun run : runs.get(kvHead)) {
                int begin = Math.max(from, first);
                int end = Math.min(from + count, first + run.count());
                if (begin < end) {
                    int[] table = tables[unit(run.step(), layer, row, kvHead)];
                    load(table, begin - first, end - begin, part, into, offset + (begin - from) * geometry.headDim());
                }
                first += run.count();
            }
        }

        @Override
        public List<KeyRun> runs(int row, int kvHead) {
            return runs.get(kvHead);
        }
    }
}
