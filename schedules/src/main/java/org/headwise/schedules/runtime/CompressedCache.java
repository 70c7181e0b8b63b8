package org.headwise.schedules.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headwise.attention.KvCache;
import org.headwise.attention.KvView;
import org.headwise.attention.Ledger;
import org.headwise.attention.Queries;
import org.headwise.attention.Received;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.GeometryJson;
import org.headwise.schedules.Capacity;
import org.headwise.schedules.EvictScale;
import org.headwise.schedules.HeadKeeps;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.Selector;

/**
 * Executes a schedule on paged storage. The keys and values that a step leaves in a kv head lie in pages of a few
 * tokens; the pages return to the pool at the moment a rule evicts them, between the layers of a step too. Where a
 * capacity lets single tokens go, those that stay move together first. The last step is held only while its own layer
 * attends. The ledger counts pages that are really taken.
 */
public final class CompressedCache implements KvCache {
    private final Schedule schedule;
    private final Storage storage;
    private final int pageTokens;
    private final long limit;
    private final List<List<List<EvictScale>>> due;
    /** By step, then layer and kv head; null where nothing limits. */
    private final Capacity[][] capacities;

    private final ReleasedLatch[] latches;
    private final boolean[] heavy;
    private HeavySums[] sums;
    private Received received;
    private final TokenCut.Audit audit;
    private List<TokenCut> cuts = List.of();
    private PagePool pool;
    private Pages pages;
    private LedgerRecorder recorder;
    private Geometry geometry;
    private int rows;

    public CompressedCache(Schedule schedule, Storage storage) {
        this(schedule, storage, Long.MAX_VALUE);
    }

    /** @param limit the most bytes that the pages may take together */
    public CompressedCache(Schedule schedule, Storage storage, long limit) {
        this(schedule, storage, PageSize.of(schedule.geometry()), limit);
    }

    /**
     * @param pageTokens tokens of one page; {@link PageSize} says what suits a geometry
     * @param limit the most bytes that the pages may take together
     */
    public CompressedCache(Schedule schedule, Storage storage, int pageTokens, long limit) {
        this(schedule, storage, pageTokens, limit, TokenCut::kept);
    }

    /** @param audit sees every choice of tokens, and may change it */
    public CompressedCache(Schedule schedule, Storage storage, int pageTokens, long limit, TokenCut.Audit audit) {
        if (pageTokens < 1) {
            throw new IllegalArgumentException("a page needs at least one token, got " + pageTokens);
        }
        this.schedule = schedule;
        this.storage = storage;
        this.pageTokens = pageTokens;
        this.limit = limit;
        this.audit = audit;
        this.due = byMoment(schedule);
        int layers = schedule.geometry().layers();
        int kvHeads = schedule.geometry().kvHeads();
        this.capacities = new Capacity[schedule.geometry().steps().size()][layers * kvHeads];
        this.latches = new ReleasedLatch[layers];
        this.heavy = new boolean[layers];
        for (Rule rule : schedule.rules()) {
            if (rule instanceof Capacity capacity) {
                int head = capacity.layer() * kvHeads + Math.max(0, capacity.kvHead());
                int heads = capacity.ofOneHead() ? 1 : kvHeads;
                Arrays.fill(capacities[capacity.step()], head, head + heads, capacity);
                heavy[capacity.layer()] |= capacity.selector() instanceof Selector.HeavyHitters;
                if (capacity.selector() instanceof Selector.Released released) {
                    latches[capacity.layer()] = new ReleasedLatch(released.base(), released.clearsAfter());
                }
            }
        }
    }

    /** Rules by step and moment: index 0 is before the first layer, 1 + layer after the attention of that layer. */
    private static List<List<List<EvictScale>>> byMoment(Schedule schedule) {
        List<List<List<EvictScale>>> moments = new ArrayList<>();
        for (int step = 0; step < schedule.geometry().steps().size(); step++) {
            List<List<EvictScale>> layers = new ArrayList<>();
            for (int layer = -1; layer < schedule.geometry().layers(); layer++) {
                layers.add(new ArrayList<>());
            }
            moments.add(layers);
        }
        for (Rule rule : schedule.rules()) {
            switch (rule) {
                case EvictScale evict ->
                    moments.get(evict.afterStep()).get(1 + evict.afterLayer()).add(evict);
                case Capacity capacity -> {}
                case HeadKeeps head ->
                    throw new InputRefused("this cache is for next-scale models and cannot execute " + head);
            }
        }
        return moments;
    }

    @Override
    public void begin(Geometry model, int batchRows) {
        GeometryJson.requireSame(model, schedule.geometry(), "schedule " + schedule.method());
        close();
        geometry = model;
        rows = batchRows;
        pool = new PagePool(2L * pageTokens * model.headDim() * storage.bytes(), limit);
        pages = new Pages(model, rows, pageTokens, storage, pool);
        recorder = new LedgerRecorder();
        cuts = List.of();
        sums = new HeavySums[model.layers()];
        for (int layer = 0; layer < sums.length; layer++) {
            sums[layer] = heavy[layer] ? new HeavySums(rows, model.kvHeads()) : null;
        }
    }

    @Override
    public void append(int layer, int step, float[] keys, float[] values) {
        recorder.see(step, pool.allocatedBytes());
        if (layer == 0) {
            release(due.get(step).getFirst());
        }
        pages.put(layer, step, keys, values);
        recorder.see(step, pool.allocatedBytes());
    }

    @Override
    public KvView view(int layer, int step) {
        return pages.view(layer, step);
    }

    @Override
    public boolean wantsQueries(int layer, int step) {
        return cutting(layer, step).anyMatch(capacity -> capacity.selector().looksAtQueries());
    }

    @Override
    public void queries(int layer, int step, Queries queries) {
        hear(layer);
        cuts = choose(layer, step, queries);
    }

    @Override
    public Received receives(int layer, int step) {
        int[] asked = new int[geometry.kvHeads()];
        Arrays.fill(asked, Received.ALL);
        received = heavy[layer] && step < geometry.steps().size() - 1 ? new Received(rows, asked) : null;
        return received;
    }

    private void hear(int layer) {
        if (received != null) {
            sums[layer].add(received);
            received = null;
        }
    }

    /** The capacities of a layer's kv heads that take anything away now. */
    private Stream<Capacity> cutting(int layer, int step) {
        return IntStream.range(0, geometry.kvHeads())
                .filter(head -> cuts(layer, step, head))
                .mapToObj(head -> capacity(layer, step, head));
    }

    private Capacity capacity(int layer, int step, int kvHead) {
        return capacities[step][layer * geometry.kvHeads() + kvHead];
    }

    /** Whether a kv head's capacity takes anything away now. */
    private boolean cuts(int layer, int step, int kvHead) {
        Capacity capacity = capacity(layer, step, kvHead);
        if (capacity == null) {
            return false;
        }
        int held = pages.held(layer, step, kvHead);
        ReleasedLatch latch = latches[layer];
        return (latch == null || latch.closes(held)) && held > capacity.tokens();
    }

    private List<TokenCut> choose(int layer, int step, Queries queries) {
        if (cutting(layer, step).findAny().isEmpty()) {
            return List.of();
        }
        KvView held = view(layer, step);
        Map<Capacity, TokenChoice> choices = new HashMap<>();
        List<TokenCut> chosen = new ArrayList<>();
        for (int head = 0; head < geometry.kvHeads(); head++) {
            if (cuts(layer, step, head)) {
                TokenChoice choice = choices.computeIfAbsent(
                        capacity(layer, step, head),
                        capacity -> new TokenChoice(geometry, capacity, held, queries, sums[layer]));
                for (int row = 0; row < rows; row++) {
                    chosen.add(choice.choose(row, head));
                }
            }
        }
        return chosen;
    }

    @Override
    public void attended(int layer, int step) {
        hear(layer);
        if (step == geometry.steps().size() - 1) {
            for (int head = 0; head < geometry.kvHeads(); head++) {
                pages.release(step, layer, head);
            }
        } else {
            cut(layer, step);
        }
        if (latches[layer] != null) {
            latches[layer].after(step);
        }
        release(due.get(step).get(1 + layer));
        if (layer == geometry.layers() - 1) {
            recorder.end(step, pool.allocatedBytes());
        }
    }

    private void cut(int layer, int step) {
        if (cuts.isEmpty()) {
            cuts = choose(layer, step, null);
        }
        for (TokenCut cut : cuts) {
            int[] kept = audit.check(cut);
            pages.keep(layer, step, cut.row(), cut.kvHead(), kept);
            if (heavy[layer]) {
                sums[layer].keep(cut.row(), cut.kvHead(), kept);
            }
        }
        cuts = List.of();
        // A latch is of a layer whose kv heads are all limited alike.
        if (latches[layer] != null
                && capacity(layer, step, 0) == null
                && latches[layer].closes(pages.held(layer, step, 0))) {
            throw new InputRefused(
                    "layer " + layer + " still cuts from the image before, but has no capacity for step " + step
                            + ", with which the released selection stops with an error; use a new cache for every image");
        }
    }

    private void release(List<EvictScale> rules) {
        for (EvictScale rule : rules) {
            pages.release(rule.source(), rule.layer(), rule.kvHead());
        }
    }

    @Override
    public Ledger ledger() {
        return recorder == null ? new Ledger(List.of(), List.of()) : recorder.ledger();
    }

    @Override
    public void close() {
        if (pool != null) {
            pool.close();
            pool = null;
        }
    }
}
