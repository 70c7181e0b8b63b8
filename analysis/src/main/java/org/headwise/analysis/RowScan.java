package org.headwise.analysis;

import java.util.Arrays;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.KeyRun;

/** Entropies of the rows of a block, added up over its queries. */
final class RowScan {
    private final double[] masses;
    private double entropy;
    private double effectiveKeys;
    private double spread;
    private double mass;
    private double pLogP;

    RowScan(int steps) {
        masses = new double[steps];
    }

    void scan(AttentionBlock block) {
        entropy = 0;
        effectiveKeys = 0;
        spread = 0;
        for (int q = 0; q < block.queries(); q++) {
            int from = q * block.stride();
            double negative = 0;
            Arrays.fill(masses, 0);
            for (KeyRun run : block.runs()) {
                scan(block.probabilities(), from, from + run.count());
                masses[run.step()] += mass;
                negative += pLogP;
                from += run.count();
            }
            entropy -= negative;
            effectiveKeys += Math.exp(-negative);
            for (double m : masses) {
                if (m > 0) {
                    spread -= m * Math.log(m);
                }
            }
        }
    }

    // Four chains of additions, because one would wait for itself.
    private void scan(float[] p, int from, int to) {
        double m0 = 0;
        double m1 = 0;
        double m2 = 0;
        double m3 = 0;
        double h0 = 0;
        double h1 = 0;
        double h2 = 0;
        double h3 = 0;
        int k = from;
        for (; k + 4 <= to; k += 4) {
            m0 += p[k];
            h0 += LogTable.pLogP(p[k]);
            m1 += p[k + 1];
            h1 += LogTable.pLogP(p[k + 1]);
            m2 += p[k + 2];
            h2 += LogTable.pLogP(p[k + 2]);
            m3 += p[k + 3];
            h3 += LogTable.pLogP(p[k + 3]);
        }
        for (; k < to; k++) {
            m0 += p[k];
            h0 += LogTable.pLogP(p[k]);
        }
        mass = (m0 + m1) + (m2 + m3);
        pLogP = (h0 + h1) + (h2 + h3);
    }

    /** Sum over queries of -sum p ln p over all keys, in nats. */
    double entropy() {
        return entropy;
    }

    /** Sum over queries of exp(entropy), in keys. */
    double effectiveKeys() {
        return effectiveKeys;
    }

    /** Sum over queries of the entropy of the masses on source steps, in nats. */
    double spread() {
        return spread;
    }
}
