package org.headwise.schedules.conform;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.AttentionObserver;
import org.headwise.model.Geometry;

/** The share of attention that each kv head of a raster model gives to the newest keys, with the full cache. */
final class LocalMass implements AttentionObserver {
    private final Geometry geometry;
    private final int window;
    private final double[][] sums;
    private final long[][] counts;

    LocalMass(Geometry geometry, int window) {
        this.geometry = geometry;
        this.window = window;
        this.sums = new double[geometry.layers()][geometry.kvHeads()];
        this.counts = new long[geometry.layers()][geometry.kvHeads()];
    }

    @Override
    public void observe(AttentionBlock block) {
        if (block.step() == 0) {
            return;
        }
        int head = block.head() / (geometry.heads() / geometry.kvHeads());
        double sum = 0;
        for (int key = Math.max(0, block.keys() - window); key < block.keys(); key++) {
            sum += block.probabilities()[key];
        }
        // Heads are observed by several threads, but those of one kv head by one after another.
        sums[block.layer()][head] += sum;
        counts[block.layer()][head]++;
    }

    /** [layers, kv heads]. */
    double[] means() {
        double[] means = new double[geometry.layers() * geometry.kvHeads()];
        for (int i = 0; i < means.length; i++) {
            int layer = i / geometry.kvHeads();
            int head = i % geometry.kvHeads();
            means[i] = sums[layer][head] / counts[layer][head];
        }
        return means;
    }

    /** The half of all kv heads with the largest shares, rounded down; of equal ones those that come first. */
    boolean[][] localHeads() {
        double[] means = means();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < means.length; i++) {
            order.add(i);
        }
        order.sort(Comparator.comparingDouble(i -> -means[i]));
        boolean[][] local = new boolean[geometry.layers()][geometry.kvHeads()];
        for (int head : order.subList(0, means.length / 2)) {
            local[head / geometry.kvHeads()][head % geometry.kvHeads()] = true;
        }
        return local;
    }
}
