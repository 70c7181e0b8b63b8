package org.headwise.schedules.runtime;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headwise.attention.BatchRow;
import org.headwise.attention.Guidance;
import org.headwise.attention.KeyTurn;
import org.headwise.attention.KvCache;
import org.headwise.attention.KvView;
import org.headwise.attention.Ledger;
import org.headwise.attention.Received;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.GeometryJson;
import org.headwise.schedules.HeadKeeps;
import org.headwise.schedules.Keeping;
import org.headwise.schedules.Schedule;

/**
 * Executes the schedule of a raster model: every kv head of every batch row gives up single tokens after each step, all
 * from one pool of pages of a few tokens. The last step is held only while its own layer attends. The ledger counts pages
 * that are really taken.
 */
public final class RasterCache implements KvCache {
    /** Sees what a kv head holds before its rule is carried out; for comparisons with recorded runs. */
    @FunctionalInterface
    public interface Audit {
        /**
         * @param tokens of the sequence
         * @param mass what each received, if its rule asks for it; else empty
         */
        void look(int layer, int step, int row, int kvHead, int[] tokens, double[] mass);
    }

    private final Schedule schedule;
    private final Storage storage;
    private final int pageTokens;
    private final long limit;
    private final Audit audit;
    private final HeadKeeps[][] rules;
    /** Whose pool and ledger this one uses, or null. */
    private final RasterCache whole;

    private PagePool pool;
    private LedgerRecorder recorder;
    private Geometry geometry;
    private int rows;
    /** The other guidance row of the same image, or -1. */
    private int[] partners;

    private KeyTurn turn;
    private HeadTokens[][] heads;
    private Received received;

    /** @param limit the most bytes that the pages may take together */
    public RasterCache(Schedule schedule, Storage storage, long limit) {
        this(schedule, storage, RasterForecast.pageTokens(schedule), limit, null);
    }

    /**
     * @param pageTokens tokens of one page
     * @param audit may be null
     */
    public RasterCache(Schedule schedule, Storage storage, int pageTokens, long limit, Audit audit) {
        this(schedule, storage, pageTokens, limit, audit, null);
    }

    private RasterCache(
            Schedule schedule, Storage storage, int pageTokens, long limit, Audit audit, RasterCache whole) {
        if (pageTokens < 1) {
            throw new IllegalArgumentException("a page needs at least one token, got " + pageTokens);
        }
        if (schedule.geometry().raster() == null) {
            throw new InputRefused("schedule " + schedule.method() + " is for "
                    + schedule.geometry().family() + ", which is no raster model");
        }
        this.schedule = schedule;
        this.storage = storage;
        this.pageTokens = pageTokens;
        this.limit = limit;
        this.audit = audit;
        this.whole = whole;
        this.rules = RasterForecast.rules(schedule);
    }

    /** Rows of no known guidance, in a model whose positions cannot be given anew. */
    @Override
    public void begin(Geometry model, int batchRows) {
        begin(
                model,
                IntStream.range(0, batchRows)
                        .mapToObj(row -> new BatchRow(row, Guidance.CONDITIONAL))
                        .toList(),
                null);
    }

    @Override
    public void begin(Geometry model, List<BatchRow> batchRows, KeyTurn keyTurn) {
        GeometryJson.requireSame(model, schedule.geometry(), "schedule " + schedule.method());
        close();
        geometry = model;
        rows = batchRows.size();
        partners = partners(batchRows);
        turn = keyTurn;
        refuseImpossible();
        if (whole == null) {
            open();
        } else {
            pool = whole.pool;
            recorder = whole.recorder;
        }
        heads = new HeadTokens[model.layers()][rows * model.kvHeads()];
        for (int layer = 0; layer < model.layers(); layer++) {
            for (int unit = 0; unit < heads[layer].length; unit++) {
                int asked = asked(rules[layer][unit % model.kvHeads()]);
                TokenMass mass = asked == Received.NOTHING ? null : new TokenMass(asked);
                heads[layer][unit] = new HeadTokens(pool, storage, pageTokens, model.headDim(), mass);
            }
        }
    }

    private void open() {
        int headDim = schedule.geometry().headDim();
        pool = new PagePool(2L * pageTokens * headDim * storage.bytes(), limit, storage::heap);
        recorder = new LedgerRecorder();
    }

    @Override
    public List<KvCache> parts(int count) {
        if (count == 1) {
            return List.of(this);
        }
        close();
        open();
        return Stream.<KvCache>generate(() -> new RasterCache(schedule, storage, pageTokens, limit, audit, this))
                .limit(count)
                .toList();
    }

    private static int[] partners(List<BatchRow> rows) {
        int[] partners = new int[rows.size()];
        for (int row = 0; row < partners.length; row++) {
            partners[row] = -1;
            for (int other = 0; other < partners.length; other++) {
                if (other != row && rows.get(other).image() == rows.get(row).image()) {
                    partners[row] = other;
                }
            }
        }
        return partners;
    }

    private void refuseImpossible() {
        for (HeadKeeps[] layer : rules) {
            for (HeadKeeps rule : layer) {
                if (rule != null
                        && rule.keeping() instanceof Keeping.Newest newest
                        && newest.renumbered()
                        && turn == null) {
                    throw new InputRefused("schedule " + schedule.method() + " numbers positions anew, but those of "
                            + geometry.family() + " lie on the image grid; plan it without new numbers");
                }
                if (paired(rule) && IntStream.of(partners).anyMatch(partner -> partner < 0)) {
                    throw new InputRefused("schedule " + schedule.method()
                            + " lets both guidance rows of an image decide together, but the images are made without"
                            + " guidance; plan it unpaired or use guidance");
                }
            }
        }
        if (limit == Long.MAX_VALUE) {
            return;
        }
        Ledger forecast = RasterForecast.of(schedule, geometry.promptTokens(), rows, storage, pageTokens);
        if (forecast.peak() > limit) {
            boolean prompt = forecast.peakBytes().getFirst() > limit;
            throw new InputRefused("the KV cache of " + rows + " batch rows needs "
                    + (prompt ? forecast.peakBytes().getFirst() : forecast.peak()) + " bytes"
                    + (prompt ? " for the prompt of " + geometry.promptTokens() + " tokens alone" : "")
                    + ", more than its limit of " + limit
                    + "; raise the limit, lower the budget, or make fewer images at a time");
        }
    }

    private static boolean paired(HeadKeeps rule) {
        return rule != null && rule.keeping() instanceof Keeping.Heaviest heaviest && heaviest.paired();
    }

    private static int asked(HeadKeeps rule) {
        if (rule == null) {
            return Received.NOTHING;
        }
        return switch (rule.keeping()) {
            case Keeping.Newest newest -> Received.NOTHING;
            case Keeping.Chance chance -> Received.NOTHING;
            case Keeping.Heaviest heaviest -> Received.ALL;
            case Keeping.Observed observed -> observed.window();
        };
    }

    @Override
    public void append(int layer, int step, float[] keys, float[] values) {
        int tokens = geometry.tokens(step);
        int numbers = rows * tokens * geometry.kvHeads() * geometry.headDim();
        if (keys.length != numbers || values.length != numbers) {
            throw new IllegalArgumentException("step " + step + " of layer " + layer + " brings " + keys.length
                    + " numbers of keys and " + values.length + " of values where " + numbers + " are expected");
        }
        recorder.see(step, pool.allocatedBytes());
        int first = geometry.firstToken(step);
        for (int unit = 0; unit < heads[layer].length; unit++) {
            int row = unit / geometry.kvHeads();
            for (int token = 0; token < tokens; token++) {
                int from =
                        ((row * tokens + token) * geometry.kvHeads() + unit % geometry.kvHeads()) * geometry.headDim();
                heads[layer][unit].add(first + token, keys, values, from);
            }
        }
        recorder.see(step, pool.allocatedBytes());
    }

    @Override
    public KvView view(int layer, int step) {
        int[] moved = new int[geometry.kvHeads()];
        for (int head = 0; head < moved.length; head++) {
            HeadKeeps rule = rules[layer][head];
            if (rule != null && rule.keeping() instanceof Keeping.Newest newest && newest.renumbered()) {
                moved[head] = newest.fixed(geometry.promptTokens());
            }
        }
        return new RasterView(geometry, step, heads[layer], moved, turn);
    }

    @Override
    public Received receives(int layer, int step) {
        int[] asked = IntStream.range(0, geometry.kvHeads())
                .map(head -> asked(rules[layer][head]))
                .toArray();
        boolean wanted =
                (!last(step) || audit != null) && IntStream.of(asked).anyMatch(asks -> asks != Received.NOTHING);
        received = wanted ? new Received(rows, asked) : null;
        return received;
    }

    private boolean last(int step) {
        return step == geometry.steps().size() - 1;
    }

    @Override
    public void attended(int layer, int step) {
        requireReceived(layer, step);
        if (received != null) {
            for (int unit = 0; unit < heads[layer].length; unit++) {
                HeadTokens held = heads[layer][unit];
                if (held.mass() != null) {
                    held.mass().add(received.of(unit / geometry.kvHeads(), unit % geometry.kvHeads()), held.count());
                }
            }
        }
        if (audit != null) {
            look(layer, step);
        }
        if (last(step)) {
            for (HeadTokens held : heads[layer]) {
                held.drop(IntStream.range(held.count() - geometry.tokens(step), held.count())
                        .toArray());
            }
        } else {
            carryOut(layer, step);
        }
        received = null;
        if (layer == geometry.layers() - 1) {
            recorder.end(step, pool.allocatedBytes());
        }
    }

    private void look(int layer, int step) {
        for (int unit = 0; unit < heads[layer].length; unit++) {
            HeadTokens held = heads[layer][unit];
            double[] mass = held.mass() == null
                    ? new double[0]
                    : IntStream.range(0, held.count())
                            .mapToDouble(held.mass()::of)
                            .toArray();
            audit.look(layer, step, unit / geometry.kvHeads(), unit % geometry.kvHeads(), held.positions(), mass);
        }
    }

    /** A cache around this one that does not pass the question on would make all tokens equally heavy. */
    private void requireReceived(int layer, int step) {
        boolean wanted = Stream.of(rules[layer]).anyMatch(rule -> asked(rule) != Received.NOTHING);
        if (wanted && received == null && !last(step)) {
            throw new IllegalStateException(
                    "nobody asked where to sum up the attention of layer " + layer + " in step " + step);
        }
    }

    private void carryOut(int layer, int step) {
        int[][] gone = new int[heads[layer].length][];
        for (int unit = 0; unit < gone.length; unit++) {
            int row = unit / geometry.kvHeads();
            int head = unit % geometry.kvHeads();
            HeadTokens held = heads[layer][unit];
            HeadKeeps rule = rules[layer][head];
            if (rule != null) {
                HeadTokens partner = paired(rule) ? heads[layer][partners[row] * geometry.kvHeads() + head] : null;
                gone[unit] = new TokensToGo(geometry, rule, step).of(held, partner);
            }
        }
        for (int unit = 0; unit < gone.length; unit++) {
            if (gone[unit] != null) {
                heads[layer][unit].drop(gone[unit]);
            }
        }
    }

    @Override
    public Ledger ledger() {
        return recorder == null ? new Ledger(List.of(), List.of()) : recorder.ledger();
    }

    @Override
    public void close() {
        if (pool != null && whole == null) {
            pool.close();
        }
        pool = null;
        heads = null;
    }
}
