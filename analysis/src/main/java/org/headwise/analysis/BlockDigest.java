package org.headwise.analysis;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.KeyRun;
import org.headwise.model.Geometry;
import org.headwise.tensor.Kernels;

/**
 * What several statistics need of one block, computed once and only when asked for. What was asked for once is computed
 * with every later block at once, row by row: a block is larger than what stays near the processor, a row is not. Holds
 * scratch memory for one thread; results are valid until the next block is read.
 */
final class BlockDigest {
    private enum Part {
        LARGEST,
        DISTANCES
    }

    /** Rows whose columns are added up together. */
    private static final int ROWS = 4;

    private final Geometry geometry;
    private final Set<Part> wanted = EnumSet.noneOf(Part.class);
    private final double[] columns;
    private final double[] masses;
    private final Kernels kernels = Kernels.fastest();
    private final TopMass top = new TopMass(kernels);
    private final Displacement displacement;
    private AttentionBlock block;
    /** Keys of earlier steps, which come first. */
    private int earlier;

    BlockDigest(Geometry geometry, CellTables tables) {
        this.geometry = geometry;
        columns = new double[geometry.totalTokens()];
        masses = new double[geometry.steps().size()];
        displacement = new Displacement(geometry, tables, kernels);
    }

    /** Reads a block, which must be of this digest's geometry and hold probabilities; returns this. */
    BlockDigest read(AttentionBlock block) {
        if (block.geometry() != geometry && !block.geometry().equals(geometry)) {
            throw new IllegalArgumentException("a block of geometry "
                    + block.geometry().describe() + " came to statistics of " + geometry.describe());
        }
        this.block = block;
        Arrays.fill(columns, 0, block.keys(), 0);
        earlier = 0;
        for (KeyRun run : block.runs()) {
            earlier += run.step() < block.step() ? run.count() : 0;
        }
        wanted.forEach(this::begin);
        for (int q = 0; q < block.queries(); q += ROWS) {
            int end = Math.min(q + ROWS, block.queries());
            sumColumns(q, end);
            for (int row = q; row < end; row++) {
                for (Part part : wanted) {
                    add(part, row);
                }
            }
        }
        sumMasses();
        wanted.forEach(this::end);
        return this;
    }

    /** Computes a part that this block was read without, and from now on reads blocks with it. */
    private void require(Part part) {
        if (wanted.add(part)) {
            begin(part);
            for (int row = 0; row < block.queries(); row++) {
                add(part, row);
            }
            end(part);
        }
    }

    private void begin(Part part) {
        switch (part) {
            case LARGEST -> top.begin();
            case DISTANCES -> displacement.begin(block);
        }
    }

    private void add(Part part, int query) {
        switch (part) {
            case LARGEST -> top.add(block, query, earlier);
            case DISTANCES -> displacement.add(query);
        }
    }

    private void end(Part part) {
        if (part == Part.DISTANCES) {
            displacement.end(masses);
        }
    }

    private void sumMasses() {
        double total = 0;
        Arrays.fill(masses, 0);
        int key = 0;
        for (KeyRun run : block.runs()) {
            double mass = sum(columns, key, key + run.count());
            masses[run.step()] += mass;
            total += mass;
            key += run.count();
        }
        if (!(Math.abs(total - block.queries()) <= 1e-3 * block.queries())) {
            throw UnusableAttention.of(block);
        }
    }

    // Four chains of additions, because one would wait for itself.
    private static double sum(double[] x, int from, int to) {
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

    /** Index of the block's head among all heads: layer * heads + head. */
    int head() {
        return block.layer() * geometry.heads() + block.head();
    }

    /** Mass that each key receives, added up over the block's queries: [keys]. */
    double[] columns() {
        return columns;
    }

    /** Mass on each source step, added up over the block's queries: [steps]. */
    double[] masses() {
        return masses;
    }

    /** Sum over the block's queries and keys of the squared probability. */
    double squares() {
        double sum = 0;
        for (int q = 0; q < block.queries(); q++) {
            sum += kernels.sumOfSquares(block.probabilities(), q * block.stride(), block.keys());
        }
        return sum;
    }

    /** The largest probabilities of the block's rows; the first of the keys are those of earlier steps. */
    TopMass top() {
        require(Part.LARGEST);
        return top;
    }

    /** The mass on every source step by distance. */
    Displacement displacement() {
        require(Part.DISTANCES);
        return displacement;
    }

    // Doubles as target: float targets could be the probabilities themselves, and the compiler would not vectorise.
    private void sumColumns(int first, int end) {
        float[] p = block.probabilities();
        int keys = block.keys();
        int stride = block.stride();
        double[] sums = columns;
        int a = first * stride;
        if (end - first == ROWS) {
            int b = a + stride;
            int c = b + stride;
            int d = c + stride;
            for (int k = 0; k < keys; k++) {
                sums[k] += ((double) p[a + k] + p[b + k]) + ((double) p[c + k] + p[d + k]);
            }
            return;
        }
        for (; a < end * stride; a += stride) {
            for (int k = 0; k < keys; k++) {
                sums[k] += p[a + k];
            }
        }
    }
}
