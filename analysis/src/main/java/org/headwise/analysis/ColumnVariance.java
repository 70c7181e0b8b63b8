package org.headwise.analysis;

import java.util.ArrayList;
import java.util.List;
import org.headwise.attention.AttentionBlock;
import org.headwise.calibrate.Sums;
import org.headwise.model.Geometry;

/**
 * How differently the queries of the last step look at each key: the variance of every column of a head's attention over
 * the queries, added up over the keys and averaged over prompts (HACK, arXiv 2504.09261). It is 0 where all queries share
 * their attention out alike, the paper's vertical pattern, and nearly 1 where each looks at a key of its own.
 */
public final class ColumnVariance implements Statistic {
    private final Geometry geometry;
    private final Digests.Share shared;
    private final int last;
    private final Sums sums = new Sums();
    private final double[] squares;
    private final double[] meanSquares;
    private final double[] prompts;
    /** A head's blocks come one after another in one thread, so that one set of columns per thread is enough. */
    private final ThreadLocal<Columns> columns;

    /** What the queries so far of one head give to every key, added up. */
    private static final class Columns {
        private final double[] sums;
        private int head = -1;
        private int image;
        private int queries;
        private double squares;

        Columns(int keys) {
            sums = new double[keys];
        }
    }

    public ColumnVariance(Geometry geometry) {
        this(new Digests(geometry));
    }

    ColumnVariance(Digests digests) {
        geometry = digests.geometry();
        shared = digests.share();
        last = geometry.steps().size() - 1;
        squares = sums.define("squares", geometry.layers(), geometry.heads());
        meanSquares = sums.define("mean_squares", geometry.layers(), geometry.heads());
        prompts = sums.define("prompts", geometry.layers(), geometry.heads());
        columns = ThreadLocal.withInitial(() -> new Columns(geometry.totalTokens()));
    }

    @Override
    public String name() {
        return "column-variance";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Geometry geometry() {
        return geometry;
    }

    @Override
    public String title() {
        return "Column variance";
    }

    @Override
    public Sums sums() {
        return sums;
    }

    @Override
    public void observe(AttentionBlock block) {
        if (block.step() != last) {
            // Blocks are checked whatever their step is.
            shared.of(block);
            return;
        }
        BlockDigest digest = shared.of(block);
        Columns now = columns.get();
        if (block.firstQuery() == 0) {
            start(now, digest.head(), block);
        } else if (now.head != digest.head() || now.image != block.image() || now.queries != block.firstQuery()) {
            throw new IllegalStateException("layer " + block.layer() + ", head " + block.head() + ": query "
                    + block.firstQuery() + " of the last step does not follow query " + (now.queries - 1)
                    + " of the same head");
        }
        double[] received = digest.columns();
        for (int key = 0; key < block.keys(); key++) {
            now.sums[key] += received[key];
        }
        now.squares += digest.squares();
        now.queries += block.queries();
        if (now.queries == geometry.tokens(last)) {
            finish(now, block.keys());
        }
    }

    private static void start(Columns now, int head, AttentionBlock block) {
        java.util.Arrays.fill(now.sums, 0, block.keys(), 0);
        now.head = head;
        now.image = block.image();
        now.queries = 0;
        now.squares = 0;
    }

    private void finish(Columns now, int keys) {
        double ofMeans = 0;
        for (int key = 0; key < keys; key++) {
            double mean = now.sums[key] / now.queries;
            ofMeans += mean * mean;
        }
        squares[now.head] += now.squares / now.queries;
        meanSquares[now.head] += ofMeans;
        prompts[now.head]++;
        now.head = -1;
    }

    /** Per head, [layers, heads], from 0 to 1; NaN where nothing was observed. */
    public double[] variance() {
        return PerHead.of(geometry, head -> Math.max(0, squares[head] - meanSquares[head]) / prompts[head]);
    }

    @Override
    public List<Column> columns() {
        List<Column> all = new ArrayList<>();
        all.add(new Column(
                "column_variance",
                "variance",
                "variance of a key's attention over the queries of the last scale, sum over keys",
                variance()));
        all.add(new Column(
                "mean_row_square",
                "share squared",
                "square of the mean attention of a key at the last scale, sum over keys: 1 if all look at one key",
                PerHead.of(geometry, head -> meanSquares[head] / prompts[head])));
        return all;
    }
}
