package org.headwise.calibrate;

import org.headwise.attention.AttentionBlock;
import org.headwise.attention.Guidance;
import org.headwise.attention.KeyRun;
import org.headwise.model.Geometry;

/** Sums the attention mass that every head gives to every source scale, and counts queries: an accumulator for tests. */
final class ScaleMass implements Accumulator {
    private final Geometry geometry;
    private final Guidance row;
    private final Sums sums = new Sums();
    private final double[] mass;
    private final double[] queries;

    ScaleMass(Geometry geometry, Guidance row) {
        this.geometry = geometry;
        this.row = row;
        int steps = geometry.steps().size();
        mass = sums.define("mass", geometry.layers(), geometry.heads(), steps, steps);
        queries = sums.define("queries", geometry.layers(), geometry.heads());
    }

    @Override
    public String name() {
        return "mass-" + (row == Guidance.CONDITIONAL ? "conditional" : "unconditional");
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Sums sums() {
        return sums;
    }

    @Override
    public boolean wants(Guidance guidance) {
        return guidance == row;
    }

    @Override
    public void observe(AttentionBlock block) {
        int steps = geometry.steps().size();
        int head = block.layer() * geometry.heads() + block.head();
        for (int q = 0; q < block.queries(); q++) {
            int key = 0;
            for (KeyRun run : block.runs()) {
                for (int k = 0; k < run.count(); k++) {
                    mass[(head * steps + block.step()) * steps + run.step()] +=
                            block.probabilities()[q * block.stride() + key++];
                }
            }
        }
        queries[head] += block.queries();
    }
}
