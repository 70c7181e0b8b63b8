package org.headwise.attention;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.tensor.DType;

/**
 * Keeps every key and value, as float32 or rounded to 16 bits. Each step gets arrays of exactly its size; only tiny
 * neighbours of one size are joined, so that a model of one token per step does not end with an array per token.
 */
public final class FullCache implements KvCache {
    /** So many neighbours are joined: a token is copied twice until 256 lie together. */
    private static final int JOINED = 16;

    /** Larger ones are left alone. */
    private static final int TINY = 16;

    /** What this cache and its parts hold together. */
    private static final class Held {
        private final List<Long> peak = new ArrayList<>();
        private long bytes;

        void see(int step) {
            if (peak.size() <= step) {
                peak.add(bytes);
            } else {
                peak.set(step, Math.max(peak.get(step), bytes));
            }
        }
    }

    private final DType type;
    private final long limit;
    private final Held held;
    private List<FullCache> parts = List.of();
    private Geometry geometry;
    private int rows;
    private List<List<KvChunk>> layers = List.of();
    /** Of all steps: a list per view and head would be most of the garbage of a model with one token per step. */
    private List<KeyRun> runs = List.of();

    private int[] next;
    private long bytes;

    /** Keeps float32. */
    public FullCache() {
        this(DType.F32);
    }

    /** @param type F32, BF16 or F16 */
    public FullCache(DType type) {
        this(type, Long.MAX_VALUE);
    }

    /**
     * @param type F32, BF16 or F16
     * @param limit the most bytes that keys and values may take
     */
    public FullCache(DType type, long limit) {
        this(type, limit, new Held());
    }

    private FullCache(DType type, long limit, Held held) {
        this.type = type;
        this.limit = limit;
        this.held = held;
    }

    @Override
    public List<KvCache> parts(int count) {
        if (count == 1) {
            return List.of(this);
        }
        close();
        parts = Stream.generate(() -> new FullCache(type, limit, held))
                .limit(count)
                .toList();
        return List.copyOf(parts);
    }

    @Override
    public void begin(Geometry geometry, int rows) {
        if (rows < 1) {
            throw new IllegalArgumentException("a generation needs at least one batch row, got " + rows);
        }
        close();
        this.geometry = geometry;
        this.rows = rows;
        held.peak.clear();
        next = new int[geometry.layers()];
        runs = new ArrayList<>();
        for (int step = 0; step < geometry.steps().size(); step++) {
            runs.add(new KeyRun(step, 0, geometry.tokens(step)));
        }
        layers = new ArrayList<>();
        for (int layer = 0; layer < geometry.layers(); layer++) {
            layers.add(new ArrayList<>());
        }
    }

    @Override
    public void append(int layer, int step, float[] keys, float[] values) {
        if (layers.isEmpty()) {
            throw new IllegalStateException("append before begin");
        }
        if (step != next[layer]) {
            throw new IllegalStateException(
                    "layer " + layer + " appends step " + step + " where " + next[layer] + " is due");
        }
        int tokens = geometry.tokens(step);
        long expected = (long) rows * tokens * geometry.kvHeads() * geometry.headDim();
        if (keys.length != expected || values.length != expected) {
            throw new IllegalArgumentException("step " + step + " of layer " + layer + " brings " + keys.length
                    + " numbers of keys and " + values.length + " of values where " + expected + " are expected");
        }
        long more = 2 * expected * type.bytes();
        if (held.bytes + more > limit) {
            throw new InputRefused("the full KV cache needs more than its limit of " + limit + " bytes (" + held.bytes
                    + " bytes are held, step " + step + " of layer " + layer + " brings " + more
                    + "); raise the limit or make fewer images at a time");
        }
        List<KvChunk> chunks = layers.get(layer);
        KvChunk last = KvChunk.of(keys, values, rows, tokens, geometry.kvHeads(), geometry.headDim(), type);
        bytes += last.bytes();
        held.bytes += last.bytes();
        chunks.add(last);
        joinTail(chunks);
        next[layer]++;
        held.see(step);
    }

    private static void joinTail(List<KvChunk> chunks) {
        int tokens = chunks.getLast().tokens();
        int from = chunks.size() - JOINED;
        if (tokens > TINY || from < 0) {
            return;
        }
        List<KvChunk> tail = chunks.subList(from, chunks.size());
        if (tail.stream().allMatch(chunk -> chunk.tokens() == tokens)) {
            KvChunk whole = KvChunk.joined(tail);
            tail.clear();
            chunks.add(whole);
            joinTail(chunks);
        }
    }

    @Override
    public KvView view(int layer, int step) {
        if (layers.isEmpty() || step != next[layer] - 1) {
            throw new IllegalStateException("layer " + layer + " has no view of step " + step);
        }
        return new View(
                List.copyOf(layers.get(layer)),
                Collections.unmodifiableList(runs.subList(0, step + 1)),
                geometry.firstToken(step + 1),
                geometry,
                type);
    }

    /** Nothing is ever released. */
    @Override
    public void attended(int layer, int step) {}

    /** What was appended is what is held: 4 or 2 bytes per number, keys and values, all rows and layers. */
    @Override
    public Ledger ledger() {
        return new Ledger(held.peak, held.peak);
    }

    @Override
    public void close() {
        parts.forEach(FullCache::close);
        parts = List.of();
        layers = List.of();
        held.bytes -= bytes;
        bytes = 0;
    }

    private record View(List<KvChunk> chunks, List<KeyRun> runs, int tokens, Geometry geometry, DType type)
            implements KvView {
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
            return tokens;
        }

        @Override
        public void copyKeys(int row, int kvHead, int from, int count, float[] into, int offset) {
            copy(false, row, kvHead, from, count, into, offset);
        }

        @Override
        public void copyValues(int row, int kvHead, int from, int count, float[] into, int offset) {
            copy(true, row, kvHead, from, count, into, offset);
        }

        @Override
        public List<KvSpan> spans(int row, int kvHead) {
            if (type != DType.F32) {
                return List.of();
            }
            int part = row * geometry.kvHeads() + kvHead;
            return chunks.stream().map(chunk -> chunk.span(part)).toList();
        }

        private void copy(boolean value, int row, int kvHead, int from, int count, float[] into, int offset) {
            int part = row * geometry.kvHeads() + kvHead;
            int first = 0;
            for (KvChunk chunk : chunks) {
                int begin = Math.max(from, first);
                int end = Math.min(from + count, first + chunk.tokens());
                if (begin < end) {
                    int at = offset + (begin - from) * geometry.headDim();
                    chunk.copy(value, part, begin - first, end - begin, into, at);
                }
                first += chunk.tokens();
            }
        }

        @Override
        public List<KeyRun> runs(int row, int kvHead) {
            return runs;
        }
    }
}
