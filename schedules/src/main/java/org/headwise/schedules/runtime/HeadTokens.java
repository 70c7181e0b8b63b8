package org.headwise.schedules.runtime;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.headwise.attention.KvSpan;

/**
 * The tokens that one kv head of one batch row holds. They fill slots 0, 1, 2, ... without gaps, in pages of a few slots:
 * where tokens go, the last ones move into their places, so that the pages are always as few as they can be and giving up
 * one token costs the copy of one. All keys of a slab lie before all its values, so that neighbouring pages are one run of
 * memory.
 */
final class HeadTokens {
    private final PagePool pool;
    private final Storage storage;
    private final int pageTokens;
    private final int headDim;
    private final TokenMass mass;
    private int[] positions = new int[16];
    private int count;
    private int[] table = new int[4];
    private int pages;

    /** @param mass what the tokens received, or null if nobody wants to know */
    HeadTokens(PagePool pool, Storage storage, int pageTokens, int headDim, TokenMass mass) {
        this.pool = pool;
        this.storage = storage;
        this.pageTokens = pageTokens;
        this.headDim = headDim;
        this.mass = mass;
    }

    int count() {
        return count;
    }

    /** Which token of the sequence a slot holds. */
    int position(int slot) {
        return positions[slot];
    }

    int[] positions() {
        return Arrays.copyOf(positions, count);
    }

    TokenMass mass() {
        return mass;
    }

    /** Takes a token into the next slot; its key and value begin at {@code from}. */
    void add(int position, float[] keys, float[] values, int from) {
        if (count == pages * pageTokens) {
            table = pages < table.length ? table : Arrays.copyOf(table, 2 * pages);
            table[pages++] = pool.take();
        }
        positions = count < positions.length ? positions : Arrays.copyOf(positions, 2 * count);
        positions[count] = position;
        MemorySegment slab = pool.slab(table[count / pageTokens]);
        storage.store(keys, from, headDim, slab, key(count));
        storage.store(values, from, headDim, slab, key(count) + half());
        if (mass != null) {
            mass.clear(count);
        }
        count++;
    }

    /** Gives up the tokens of some slots, ascending, and the pages that are then not needed. */
    void drop(int[] slots) {
        int last = slots.length - 1;
        for (int i = 0; i <= last; i++) {
            while (last >= i && slots[last] == count - 1) {
                count--;
                last--;
            }
            if (i <= last) {
                move(--count, slots[i]);
            }
        }
        while (pages > (count + pageTokens - 1) / pageTokens) {
            pool.giveBack(table[--pages]);
        }
    }

    private void move(int from, int to) {
        MemorySegment source = pool.slab(table[from / pageTokens]);
        MemorySegment target = pool.slab(table[to / pageTokens]);
        long bytes = (long) headDim * storage.bytes();
        MemorySegment.copy(source, key(from), target, key(to), bytes);
        MemorySegment.copy(source, key(from) + half(), target, key(to) + half(), bytes);
        positions[to] = positions[from];
        if (mass != null) {
            mass.move(from, to);
        }
    }

    /** Bytes from the start of its slab to the key of a slot. */
    private long key(int slot) {
        return pool.offset(table[slot / pageTokens]) / 2 + (long) slot % pageTokens * headDim * storage.bytes();
    }

    /** Bytes from a key to its value. */
    private long half() {
        return pool.slabBytes() / 2;
    }

    /** Copies keys, or values, of slots [{@code from}, {@code from + tokens}). */
    void copy(boolean values, int from, int tokens, float[] into, int offset) {
        for (int slot = from; slot < from + tokens; ) {
            int run = Math.min(run(slot), from + tokens - slot);
            long at = key(slot) + (values ? half() : 0);
            MemorySegment slab = pool.slab(table[slot / pageTokens]);
            storage.load(slab, at, run * headDim, into, offset + (slot - from) * headDim);
            slot += run;
        }
    }

    /** How many slots from this one on lie behind each other in memory. */
    private int run(int slot) {
        int page = slot / pageTokens;
        int end = page + 1;
        while (end * pageTokens < count && pool.follows(table[end - 1], table[end])) {
            end++;
        }
        return Math.min(end * pageTokens, count) - slot;
    }

    /** Where slots {@code from} and following lie, if they are stored as float32 within the heap; else empty. */
    List<KvSpan> spans(int from) {
        List<KvSpan> spans = new ArrayList<>();
        for (int slot = from; slot < count; ) {
            int run = run(slot);
            if (!(pool.array(table[slot / pageTokens]) instanceof float[] numbers)) {
                return List.of();
            }
            int at = (int) (key(slot) / Float.BYTES);
            spans.add(new KvSpan(numbers, at, numbers, at + (int) (half() / Float.BYTES), run));
            slot += run;
        }
        return spans;
    }
}
