package org.headwise.reports;

import java.util.List;
import java.util.stream.IntStream;

/** An even choice of what is too much to show, first and last included. */
final class Thinned {
    private Thinned() {}

    /** At most {@code most} of the indices 0 to {@code n - 1}, rising. */
    static int[] indices(int n, int most) {
        if (n <= most) {
            return IntStream.range(0, n).toArray();
        }
        return IntStream.range(0, most)
                .map(i -> most == 1 ? 0 : (int) ((long) i * (n - 1) / (most - 1)))
                .toArray();
    }

    static <T> List<T> of(List<T> all, int most) {
        return IntStream.of(indices(all.size(), most)).mapToObj(all::get).toList();
    }
}
