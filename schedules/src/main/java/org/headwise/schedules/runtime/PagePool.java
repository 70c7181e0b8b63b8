package org.headwise.schedules.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.LongFunction;
import org.headwise.files.InputRefused;

/**
 * Hands out pages of equal size from slabs of memory and takes them back. A slab that becomes empty is returned, to the
 * operating system if it lies outside the heap, but for one kept in reserve. Used by one thread; pages may be read by
 * many.
 */
public final class PagePool implements AutoCloseable {
    private static final long SLAB_BYTES = 1 << 20;
    private static final long ALIGNMENT = 64;

    private static final class Slab implements AutoCloseable {
        /** Null for memory in the heap. */
        private final Arena arena;

        private final MemorySegment memory;
        private final Object array;
        private final BitSet free;

        Slab(long bytes, int pages, LongFunction<MemorySegment> heap) {
            arena = heap == null ? Arena.ofShared() : null;
            memory = heap == null ? arena.allocate(bytes, ALIGNMENT) : heap.apply(bytes);
            array = memory.heapBase().orElse(null);
            free = new BitSet(pages);
            free.set(0, pages);
        }

        @Override
        public void close() {
            if (arena != null) {
                arena.close();
            }
        }
    }

    private final LongFunction<MemorySegment> heap;
    private final long pageBytes;
    private final int pagesPerSlab;
    private final long limit;
    private final List<Slab> slabs = new ArrayList<>();
    private final BitSet room = new BitSet();
    private int reserve = -1;
    private long used;

    /**
     * @param pageBytes size of a page in bytes
     * @param limit the most bytes that pages may take together
     */
    public PagePool(long pageBytes, long limit) {
        this(pageBytes, limit, null);
    }

    /** @param heap makes slabs of so many bytes within the heap; null for slabs outside it */
    public PagePool(long pageBytes, long limit, LongFunction<MemorySegment> heap) {
        this.heap = heap;
        this.pageBytes = pageBytes;
        this.limit = limit;
        this.pagesPerSlab = Math.toIntExact(Math.max(1, SLAB_BYTES / pageBytes));
    }

    /**
     * Takes a page.
     *
     * @throws InputRefused if the limit would be passed
     */
    public int take() {
        if ((used + 1) * pageBytes > limit) {
            throw new InputRefused("the KV cache needs more than its limit of " + limit + " bytes (" + used * pageBytes
                    + " bytes are held, a page has " + pageBytes + "); raise the limit or lower the budget");
        }
        int index = slabWithRoom();
        Slab slab = slabs.get(index);
        int page = slab.free.nextSetBit(0);
        slab.free.clear(page);
        room.set(index, !slab.free.isEmpty());
        reserve = index == reserve ? -1 : reserve;
        used++;
        return index * pagesPerSlab + page;
    }

    private int slabWithRoom() {
        int index = room.nextSetBit(0);
        if (index >= 0) {
            return index;
        }
        Slab slab = new Slab(slabBytes(), pagesPerSlab, heap);
        index = slabs.indexOf(null);
        if (index < 0) {
            index = slabs.size();
            slabs.add(slab);
        } else {
            slabs.set(index, slab);
        }
        room.set(index);
        return index;
    }

    /** Takes a page back; it must not be touched afterwards. */
    public void giveBack(int page) {
        int index = page / pagesPerSlab;
        Slab slab = slabs.get(index);
        if (slab == null || slab.free.get(page % pagesPerSlab)) {
            throw new IllegalStateException("page " + page + " is not taken");
        }
        slab.free.set(page % pagesPerSlab);
        room.set(index);
        used--;
        if (slab.free.cardinality() == pagesPerSlab) {
            if (reserve < 0) {
                reserve = index;
            } else {
                slab.close();
                slabs.set(index, null);
                room.clear(index);
            }
        }
    }

    /** The slab that a page lies in. */
    public MemorySegment slab(int page) {
        return slabs.get(page / pagesPerSlab).memory;
    }

    /** Where a page begins in its slab, in bytes. */
    public long offset(int page) {
        return page % pagesPerSlab * pageBytes;
    }

    /** The array that a page lies in, if slabs are within the heap; else null. */
    public Object array(int page) {
        return slabs.get(page / pagesPerSlab).array;
    }

    /** Whether one page lies right behind another. */
    public boolean follows(int page, int next) {
        return next == page + 1 && next % pagesPerSlab != 0;
    }

    /** Bytes of one slab. */
    public long slabBytes() {
        return pagesPerSlab * pageBytes;
    }

    /** Bytes of all pages that are taken. */
    public long allocatedBytes() {
        return used * pageBytes;
    }

    /** Bytes of all slabs: what the process holds for this pool. */
    public long reservedBytes() {
        return slabs.stream().filter(slab -> slab != null).count() * pagesPerSlab * pageBytes;
    }

    /** Returns all memory. */
    @Override
    public void close() {
        for (Slab slab : slabs) {
            if (slab != null) {
                slab.close();
            }
        }
        slabs.clear();
        room.clear();
        reserve = -1;
        used = 0;
    }
}
