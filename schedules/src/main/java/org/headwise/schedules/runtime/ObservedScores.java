package org.headwise.schedules.runtime;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;
import org.headwise.attention.KvView;
import org.headwise.attention.Queries;
import org.headwise.model.Grid;
import org.headwise.schedules.Placement;
import org.headwise.schedules.ReleasedTrait;
import org.headwise.schedules.Selector;
import org.headwise.tensor.Tensor;

/** Observation windows as SnapKV and the paper of ScaleKV (arXiv 2505.19602, section 3.3) have them. */
final class ObservedScores {
    private ObservedScores() {}

    /**
     * The window among the tokens of a step, ascending; at most {@code most} of them.
     *
     * @param grid of the step
     */
    static int[] window(Placement placement, Grid grid, int most) {
        return switch (placement) {
            case NEWEST ->
                IntStream.range(Math.max(0, grid.tokens() - most), grid.tokens())
                        .toArray();
            case PATCHES -> {
                int side = (int) Math.sqrt(most);
                int rows = Math.min(side, grid.height());
                int columns = Math.min(side, grid.width());
                yield IntStream.range(0, rows * columns)
                        .map(i -> centre(i / columns, rows, grid.height()) * grid.width()
                                + centre(i % columns, columns, grid.width()))
                        .toArray();
            }
        };
    }

    /** The middle of one of some equal parts of a length; the left one where two are in the middle. */
    private static int centre(int part, int parts, int length) {
        int from = part * length / parts;
        int to = (part + 1) * length / parts;
        return (from + to - 1) / 2;
    }

    /**
     * Attention that the window's queries of all heads of a kv head give to every key, added up and pooled: [keys].
     *
     * @param window which of the keys held the window's are
     */
    static double[] scores(
            Selector.Observed selector, KvView view, Queries queries, int row, int kvHead, int[] window) {
        Set<ReleasedTrait> released = selector.released();
        int tokens = queries.attending().dim(1);
        int[] asked = ReleasedSelection.queryRows(window, view.keys(row, kvHead), tokens);
        boolean bare = released.contains(ReleasedTrait.BARE_QUERIES);
        Tensor of = bare ? queries.projected(asked) : queries.attending();
        float scale = bare ? (float) (1 / Math.sqrt(view.headDim())) : queries.scale();
        int[] which = bare ? IntStream.range(0, asked.length).toArray() : asked;
        double[] scores = mass(view, of, scale, !released.contains(ReleasedTrait.RAW_SCORES), row, kvHead, which);
        if (released.contains(ReleasedTrait.HIDDEN_WINDOW)) {
            scores = ReleasedSelection.ranked(scores, window);
        }
        return ReleasedSelection.pooled(scores, selector.kernel(), selector.pooling());
    }

    /** Attention that some queries of all heads of a kv head give to every key, added up: [keys]. */
    static double[] mass(KvView view, Queries queries, int row, int kvHead, int[] window) {
        return mass(view, queries.attending(), queries.scale(), true, row, kvHead, window);
    }

    /**
     * @param queries [rows, tokens, heads, headDim]
     * @param softmax whether attention is added up, or bare scaled dot products
     * @param window which of the tokens
     */
    private static double[] mass(
            KvView view, Tensor queries, float scale, boolean softmax, int row, int kvHead, int[] window) {
        int headDim = view.headDim();
        int held = view.keys(row, kvHead);
        float[] keys = new float[held * headDim];
        view.copyKeys(row, kvHead, 0, held, keys, 0);
        int tokens = queries.dim(1);
        int heads = queries.dim(2);
        int group = heads / view.kvHeads();
        double[] mass = new double[held];
        double[] logits = new double[held];
        for (int token : window) {
            for (int head = kvHead * group; head < (kvHead + 1) * group; head++) {
                int at = ((row * tokens + token) * heads + head) * headDim;
                for (int key = 0; key < held; key++) {
                    logits[key] = scale * dot(queries.data(), at, keys, key * headDim, headDim);
                }
                if (softmax) {
                    addSoftmax(logits, mass);
                } else {
                    Arrays.setAll(mass, key -> mass[key] + logits[key]);
                }
            }
        }
        return mass;
    }

    // Four chains of additions, because one would wait for itself.
    private static float dot(float[] a, int at, float[] b, int bt, int count) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int i = 0;
        for (; i + 4 <= count; i += 4) {
            s0 += a[at + i] * b[bt + i];
            s1 += a[at + i + 1] * b[bt + i + 1];
            s2 += a[at + i + 2] * b[bt + i + 2];
            s3 += a[at + i + 3] * b[bt + i + 3];
        }
        for (; i < count; i++) {
            s0 += a[at + i] * b[bt + i];
        }
        return (s0 + s1) + (s2 + s3);
    }

    private static void addSoftmax(double[] logits, double[] mass) {
        double most = Arrays.stream(logits).max().orElse(0);
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            logits[i] = Math.exp(logits[i] - most);
            sum += logits[i];
        }
        for (int i = 0; i < logits.length; i++) {
            mass[i] += logits[i] / sum;
        }
    }
}
