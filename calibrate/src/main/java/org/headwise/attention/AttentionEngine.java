package org.headwise.attention;

import java.util.Arrays;
import java.util.List;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Kernels;
import org.headwise.tensor.NonFinite;
import org.headwise.tensor.Scratch;
import org.headwise.tensor.Tensor;

/**
 * softmax(scale * q k^T) v, exactly, one head and one block of queries at a time, so that an observer can see the
 * probabilities of a block before they are overwritten by the next. Results are the same to the bit whatever the number
 * of threads and whether somebody looks or not.
 */
public final class AttentionEngine {
    /** Probabilities of a block about fill the second-level cache; fewer would mean to read keys and values more often. */
    private static final int BLOCK_NUMBERS = 272 * 1024;

    private static final int MOST_QUERIES = 66;
    private static final int LEAST_QUERIES = 6;

    /** Which of the view's keys a query sees. */
    public enum Order {
        ALL,
        /** The last keys of the view are the queries' own; a query sees none behind its own. Others have probability 0. */
        CAUSAL
    }

    private final Engine engine;
    private final Kernels kernels;

    public AttentionEngine(Engine engine) {
        this.engine = engine;
        this.kernels = engine.kernels();
    }

    /**
     * Attention of every row and head.
     *
     * @param queries [rows, n, heads, headDim]; heads is a multiple of the view's kv heads, and head h reads kv head h /
     *     (heads / kvHeads)
     * @param observation who looks at the probabilities, or null
     * @return [rows, n, heads, headDim]
     * @throws NonFinite if a score is NaN or infinite
     */
    public Tensor attend(KvView view, Tensor queries, float scale, Observation observation) {
        return attend(view, queries, scale, Order.ALL, observation);
    }

    /** As {@link #attend(KvView, Tensor, float, Observation)}, with a say in which keys a query sees. */
    public Tensor attend(KvView view, Tensor queries, float scale, Order order, Observation observation) {
        return attend(view, queries, scale, order, observation, null);
    }

    /**
     * The same, and sums up what the keys receive.
     *
     * @param received where to; null if nobody wants to know
     */
    public Tensor attend(
            KvView view, Tensor queries, float scale, Order order, Observation observation, Received received) {
        int heads = queries.rank() == 4 ? queries.dim(2) : 0;
        if (heads < 1 || heads % view.kvHeads() != 0 || queries.dim(3) != view.headDim()) {
            throw new IllegalArgumentException("queries " + queries + " do not fit " + view.kvHeads() + " kv heads of "
                    + view.headDim() + " numbers");
        }
        int rows = queries.dim(0);
        if (observation != null && observation.rows().size() != rows) {
            throw new IllegalArgumentException(
                    rows + " rows of queries, but " + observation.rows().size() + " rows are described");
        }
        Tensor out = Tensor.zeros(queries.shape());
        int kvHeads = view.kvHeads();
        // A few queries wait for the keys and values, many for their products with them.
        long operations = Math.max(2L * rows * kvHeads * view.headDim(), queries.size() / 4) * view.keys(0, 0);
        if (observation == null) {
            engine.forEach(
                    rows * kvHeads,
                    operations,
                    task -> engine.withScratch(scratch -> attend(
                            view,
                            queries,
                            scale,
                            order,
                            null,
                            received,
                            task / kvHeads,
                            task % kvHeads,
                            out,
                            scratch)));
        } else {
            engine.forEach(
                    kvHeads,
                    operations,
                    kvHead -> engine.withScratch(scratch -> {
                        for (int row = 0; row < rows; row++) {
                            attend(view, queries, scale, order, observation, received, row, kvHead, out, scratch);
                        }
                    }));
        }
        return out;
    }

    private void attend(
            KvView view,
            Tensor queries,
            float scale,
            Order order,
            Observation observation,
            Received received,
            int row,
            int kvHead,
            Tensor out,
            Scratch scratch) {
        int keys = view.keys(row, kvHead);
        if (keys < 1) {
            throw new IllegalStateException("batch row " + row + ", kv head " + kvHead + " has no key to attend to");
        }
        int n = queries.dim(1);
        int heads = queries.dim(2);
        if (order == Order.CAUSAL && keys < n) {
            throw new IllegalStateException(n + " queries have only " + keys + " keys, not even their own");
        }
        int group = heads / view.kvHeads();
        int most = Math.clamp(BLOCK_NUMBERS / HeadKeys.stride(keys, kernels), LEAST_QUERIES, MOST_QUERIES);
        int block = most - most % LEAST_QUERIES;
        boolean once = group == 1 && n <= block;
        HeadKeys gathered = HeadKeys.gather(view, row, kvHead, n * group, once, kernels, scratch);
        boolean wanted = observation != null
                && observation.observer().wants(observation.rows().get(row).guidance());
        if (received != null) {
            received.begin(row, kvHead, n, keys);
        }
        List<KeyRun> runs = wanted ? view.runs(row, kvHead) : List.of();
        for (int head = kvHead * group; head < (kvHead + 1) * group; head++) {
            for (int first = 0; first < n; first += block) {
                int count = Math.min(block, n - first);
                int at = ((row * n + first) * heads + head) * view.headDim();
                float[] probabilities = gathered.scores(queries.data(), at, heads * view.headDim(), count, scale);
                double[] entropies = new double[count];
                for (int q = 0; q < count; q++) {
                    int visible = order == Order.ALL ? keys : keys - n + first + q + 1;
                    int start = q * gathered.stride();
                    Arrays.fill(probabilities, start + visible, start + keys, 0);
                    entropies[q] = kernels.softmax(probabilities, start, visible);
                    if (Double.isNaN(entropies[q])) {
                        throw NonFinite.attention(
                                observation == null ? -1 : observation.layer(),
                                observation == null ? -1 : observation.step(),
                                row,
                                head,
                                first + q);
                    }
                    if (received != null) {
                        received.add(row, kvHead, first + q, n, keys, probabilities, start, visible);
                    }
                }
                if (wanted) {
                    BatchRow is = observation.rows().get(row);
                    observation
                            .observer()
                            .observe(new AttentionBlock(
                                    observation.geometry(),
                                    is.image(),
                                    is.guidance(),
                                    observation.layer(),
                                    head,
                                    observation.step(),
                                    first,
                                    count,
                                    keys,
                                    runs,
                                    probabilities,
                                    gathered.stride(),
                                    entropies));
                }
                gathered.mix(count, out.data(), at, heads * view.headDim());
            }
        }
    }
}
