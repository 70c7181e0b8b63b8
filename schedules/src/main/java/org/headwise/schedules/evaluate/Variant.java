package org.headwise.schedules.evaluate;

import java.util.Map;
import java.util.function.Supplier;
import org.headwise.attention.KvCache;

/**
 * A cache to be compared with the full one.
 *
 * @param name unique within an evaluation, for example {@code heatkv-10%}
 * @param method the method that planned it
 * @param budget share of the full cache that was asked for, 0 to 1
 * @param meanings predicted tokens of one batch row, by the meaning that a budget can have; empty if not known
 * @param caches makes a cache for each generation
 */
public record Variant(String name, String method, double budget, Map<String, Long> meanings, Supplier<KvCache> caches) {
    public Variant {
        meanings = Map.copyOf(meanings);
    }

    /** A cache of which nothing is predicted. */
    public Variant(String name, String method, double budget, Supplier<KvCache> caches) {
        this(name, method, budget, Map.of(), caches);
    }
}
