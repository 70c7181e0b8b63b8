package org.headwise.model.raster;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** Neighbours of one length: what can go through a step of several tokens together. */
public final class EqualRuns {
    private EqualRuns() {}

    /** Cuts a list wherever the length changes. */
    public static <T> List<List<T>> of(List<T> items, ToIntFunction<T> length) {
        List<List<T>> runs = new ArrayList<>();
        int from = 0;
        for (int to = 1; to <= items.size(); to++) {
            if (to == items.size() || length.applyAsInt(items.get(to)) != length.applyAsInt(items.get(from))) {
                runs.add(items.subList(from, to));
                from = to;
            }
        }
        return runs;
    }
}
