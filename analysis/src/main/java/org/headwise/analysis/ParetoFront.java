package org.headwise.analysis;

import java.util.Comparator;
import java.util.stream.IntStream;

/** What nothing else beats: choices for which none other costs no more and loses no more, and one of both less. */
public final class ParetoFront {
    private ParetoFront() {}

    /**
     * Which choices are on the front; equal ones all are, those with a NaN never.
     *
     * @param cost lower is better, for example bytes
     * @param loss lower is better, for example a divergence, or a similarity with its sign turned
     */
    public static boolean[] of(double[] cost, double[] loss) {
        if (cost.length != loss.length) {
            throw new IllegalArgumentException(cost.length + " costs and " + loss.length + " losses");
        }
        boolean[] front = new boolean[cost.length];
        int[] order = IntStream.range(0, cost.length)
                .filter(i -> !Double.isNaN(cost[i]) && !Double.isNaN(loss[i]))
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(i -> cost[i]).thenComparingDouble(i -> loss[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double least = Double.POSITIVE_INFINITY;
        int last = -1;
        for (int i : order) {
            boolean same = last >= 0 && cost[i] == cost[last] && loss[i] == loss[last];
            if (loss[i] < least || same) {
                front[i] = true;
                least = loss[i];
                last = i;
            }
        }
        return front;
    }
}
