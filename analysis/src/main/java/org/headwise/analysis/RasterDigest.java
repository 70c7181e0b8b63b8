package org.headwise.analysis;

import java.util.Arrays;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.Guidance;
import org.headwise.attention.KeyRun;
import org.headwise.model.Geometry;
import org.headwise.tensor.Kernels;

/**
 * What several statistics of raster models need of one block, computed once: the probabilities with a place for every
 * token so far, prompt first, and the mass on the prompt. Holds scratch memory for one thread; results are valid until
 * the next block is read.
 */
final class RasterDigest {
    private final Geometry model;
    /** The geometry of the generation that blocks came from last: comparing all its steps every time would be slow. */
    private Geometry accepted;

    private AttentionBlock block;
    private int keys;
    private float[] rows;
    private int stride;
    private float[] spread = new float[0];
    private double promptMass;
    private final TopMass top = new TopMass(Kernels.fastest());
    private final int[] floors;

    RasterDigest(Geometry model) {
        this.model = model;
        floors = new int[2 * PerHead.count(model)];
        Arrays.fill(floors, -1);
    }

    /** Starts on a block, which must be of a generation of this digest's model and hold probabilities. */
    void read(AttentionBlock next) {
        if (next.geometry() != accepted) {
            if (!next.geometry().ofModel().equals(model)) {
                throw new IllegalArgumentException("a block of geometry "
                        + next.geometry().describe() + " came to statistics of " + model.describe());
            }
            accepted = next.geometry();
        }
        block = next;
        keys = accepted.firstToken(next.step() + 1);
        rows = next.probabilities();
        stride = next.stride();
        if (next.keys() != keys) {
            spread();
        }
        promptMass = 0;
        int prompt = promptTokens();
        for (int q = 0; q < next.queries(); q++) {
            double onPrompt = sum(rows, q * stride, q * stride + prompt);
            double onImage = sum(rows, q * stride + prompt, q * stride + keys);
            if (!(Math.abs(onPrompt + onImage - 1) <= 1e-3)) {
                throw UnusableAttention.of(next);
            }
            promptMass += onPrompt;
        }
    }

    /** Puts the probabilities of a cache that lacks some tokens where those tokens belong; the others get none. */
    private void spread() {
        if (spread.length < block.queries() * keys) {
            spread = new float[block.queries() * accepted.totalTokens()];
        }
        Arrays.fill(spread, 0, block.queries() * keys, 0);
        for (int q = 0; q < block.queries(); q++) {
            int from = q * block.stride();
            for (KeyRun run : block.runs()) {
                int to = q * keys + accepted.firstToken(run.step()) + run.firstToken();
                System.arraycopy(block.probabilities(), from, spread, to, run.count());
                from += run.count();
            }
        }
        rows = spread;
        stride = keys;
    }

    // Four chains of additions, because one would wait for itself.
    private static double sum(float[] x, int from, int to) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int k = from;
        for (; k + 4 <= to; k += 4) {
            a += x[k];
            b += x[k + 1];
            c += x[k + 2];
            d += x[k + 3];
        }
        for (; k < to; k++) {
            a += x[k];
        }
        return (a + b) + (c + d);
    }

    /** Index of the block's head and guidance row: (layer * heads + head) * 2, plus one in unconditional rows. */
    int cell() {
        int head = block.layer() * model.heads() + block.head();
        return 2 * head + (block.guidance() == Guidance.CONDITIONAL ? 0 : 1);
    }

    int promptTokens() {
        return accepted.promptTokens();
    }

    /** Tokens so far, prompt included: the keys that a full cache holds. */
    int keys() {
        return keys;
    }

    /** Probabilities of all queries of the block; those of query q begin at {@link #at}, prompt first. */
    float[] rows() {
        return rows;
    }

    /** Where in {@link #rows} the row of a query of the block begins; image token m is at its prompt tokens plus m. */
    int at(int query) {
        return query * stride;
    }

    /** Sums over the block's queries of the mass on the first 1, 8 and 32 keys by probability: {@link TopMass#COUNTS}. */
    double[] top() {
        // Rows come head by head, and those of a head change little from step to step.
        top.startAt(floors[cell()]);
        top.begin();
        for (int q = 0; q < block.queries(); q++) {
            top.add(block, q, 0);
        }
        floors[cell()] = top.floor();
        return top.sums();
    }

    /** Mass on the prompt, added up over the block's queries. */
    double promptMass() {
        return promptMass;
    }
}
