package org.headwise.schedules.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.headwise.attention.KeyRun;
import org.headwise.attention.KvView;
import org.headwise.model.Geometry;

/**
 * The page tables of one generation: for every source step, layer, batch row and kv head the pages with its keys and
 * values. A page holds the keys of its tokens [tokens, headDim], then their values. Once tokens of a kv head were chosen,
 * those that stayed lie together in pages of their own, whatever step they are of.
 */
final class Pages {
    private final Geometry geometry;
    private final int rows;
    private final int pageTokens;
    private final Storage storage;
    private final PagePool pool;
    private final int[][] tables;
    private final Chosen[] chosen;

    Pages(Geometry geometry, int rows, int pageTokens, Storage storage, PagePool pool) {
        this.geometry = geometry;
        this.rows = rows;
        this.pageTokens = pageTokens;
        this.storage = storage;
        this.pool = pool;
        this.tables = new int[geometry.steps().size() * geometry.layers() * rows * geometry.kvHeads()][];
        this.chosen = new Chosen[geometry.layers() * rows * geometry.kvHeads()];
    }

    /** Tokens that stayed of several steps, as indices among the tokens of all steps, and the pages they lie in. */
    private record Chosen(int[] tokens, int[] table) {}

    /** Some consecutive keys of a view. */
    private record Part(int[] table, int count) {}

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
        for (int row = 0; row < rows; row++) {
            for (int head = 0; head < geometry.kvHeads(); head++) {
                int[] table = take(tokens);
                tables[unit(step, layer, row, head)] = table;
                for (int token = 0; token < tokens; token++) {
                    store(table, token, keys, values, ((row * tokens + token) * geometry.kvHeads() + head) * headDim);
                }
            }
        }
    }

    private int[] take(int tokens) {
        int[] table = new int[(tokens + pageTokens - 1) / pageTokens];
        for (int p = 0; p < table.length; p++) {
            table[p] = pool.take();
        }
        return table;
    }

    private void store(int[] table, int token, float[] keys, float[] values, int from) {
        int headDim = geometry.headDim();
        int page = table[token / pageTokens];
        long at = pool.offset(page) + (long) token % pageTokens * headDim * storage.bytes();
        storage.store(keys, from, headDim, pool.slab(page), at);
        storage.store(values, from, headDim, pool.slab(page), at + (long) pageTokens * headDim * storage.bytes());
    }

    private void giveBack(int[] table) {
        for (int page : table) {
            pool.giveBack(page);
        }
    }

    /** Returns the pages of one source step and kv head, of all batch rows. */
    void release(int source, int layer, int head) {
        for (int row = 0; row < rows; row++) {
            int unit = unit(source, layer, row, head);
            giveBack(tables[unit]);
            tables[unit] = null;
        }
    }

    /**
     * Keeps some of the tokens of one batch row and kv head and returns the pages of the others.
     *
     * @param kept which of the keys that a view shows, ascending; one may be kept more than once
     */
    void keep(int layer, int step, int row, int head, int[] kept) {
        int headDim = geometry.headDim();
        KvView view = view(layer, step);
        int[] held = tokens(view.runs(row, head));
        float[] keys = new float[held.length * headDim];
        float[] values = new float[held.length * headDim];
        view.copyKeys(row, head, 0, held.length, keys, 0);
        view.copyValues(row, head, 0, held.length, values, 0);
        for (Part part : parts(layer, step, row, head)) {
            giveBack(part.table);
        }
        for (int source = 0; source <= step; source++) {
            tables[unit(source, layer, row, head)] = null;
        }
        int[] table = take(kept.length);
        int[] tokens = new int[kept.length];
        for (int i = 0; i < kept.length; i++) {
            tokens[i] = held[kept[i]];
            store(table, i, keys, values, kept[i] * headDim);
        }
        chosen[unit(0, layer, row, head)] = new Chosen(tokens, table);
    }

    /** Keys that a kv head of a layer holds; all rows hold equally many. */
    int held(int layer, int step, int head) {
        return parts(layer, step, 0, head).stream().mapToInt(Part::count).sum();
    }

    /** Indices among the tokens of all steps. */
    private int[] tokens(List<KeyRun> runs) {
        return runs.stream()
                .flatMapToInt(run -> {
                    int first = geometry.firstToken(run.step()) + run.firstToken();
                    return IntStream.range(first, first + run.count());
                })
                .toArray();
    }

    /** What a step of a layer sees: its own tokens and those of earlier steps that were not released. */
    KvView view(int layer, int step) {
        List<List<Part>> parts = new ArrayList<>();
        List<List<KeyRun>> runs = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            for (int head = 0; head < geometry.kvHeads(); head++) {
                parts.add(parts(layer, step, row, head));
                runs.add(runs(layer, step, row, head));
            }
        }
        return new View(parts, runs);
    }

    private List<Part> parts(int layer, int step, int row, int head) {
        List<Part> parts = new ArrayList<>();
        Chosen some = chosen[unit(0, layer, row, head)];
        if (some != null) {
            parts.add(new Part(some.table, some.tokens.length));
        }
        for (int source = 0; source <= step; source++) {
            int[] table = tables[unit(source, layer, row, head)];
            if (table != null) {
                parts.add(new Part(table, geometry.tokens(source)));
            }
        }
        return parts;
    }

    private List<KeyRun> runs(int layer, int step, int row, int head) {
        List<KeyRun> runs = new ArrayList<>();
        Chosen some = chosen[unit(0, layer, row, head)];
        if (some != null) {
            addRuns(some.tokens, runs);
        }
        for (int source = 0; source <= step; source++) {
            if (tables[unit(source, layer, row, head)] != null) {
                runs.add(new KeyRun(source, 0, geometry.tokens(source)));
            }
        }
        return List.copyOf(runs);
    }

    private void addRuns(int[] tokens, List<KeyRun> runs) {
        int step = 0;
        int first = 0;
        for (int i = 0; i < tokens.length; ) {
            while (tokens[i] >= first + geometry.tokens(step)) {
                first += geometry.tokens(step++);
            }
            int end = i + 1;
            while (end < tokens.length
                    && tokens[end] == tokens[end - 1] + 1
                    && tokens[end] < first + geometry.tokens(step)) {
                end++;
            }
            runs.add(new KeyRun(step, tokens[i] - first, end - i));
            i = end;
        }
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
        private final List<List<Part>> parts;
        private final List<List<KeyRun>> runs;

        View(List<List<Part>> parts, List<List<KeyRun>> runs) {
            this.parts = parts;
            this.runs = runs;
        }

        private int unit(int row, int kvHead) {
            return row * geometry.kvHeads() + kvHead;
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
            return parts.get(unit(row, kvHead)).stream().mapToInt(Part::count).sum();
        }

        @Override
        public void copyKeys(int row, int kvHead, int from, int count, float[] into, int offset) {
            copy(row, kvHead, from, count, 0, into, offset);
        }

        @Override
        public void copyValues(int row, int kvHead, int from, int count, float[] into, int offset) {
            copy(row, kvHead, from, count, (long) pageTokens * geometry.headDim(), into, offset);
        }

        private void copy(int row, int kvHead, int from, int count, long half, float[] into, int offset) {
            int first = 0;
            for (Part part : parts.get(unit(row, kvHead))) {
                int begin = Math.max(from, first);
                int end = Math.min(from + count, first + part.count);
                if (begin < end) {
                    int at = offset + (begin - from) * geometry.headDim();
                    load(part.table, begin - first, end - begin, half, into, at);
                }
                first += part.count;
            }
        }

        @Override
        public List<KeyRun> runs(int row, int kvHead) {
            return runs.get(unit(row, kvHead));
        }
    }
}
