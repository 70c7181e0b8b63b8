package org.headwise.schedules.evaluate;

import java.util.function.Supplier;
import org.headwise.attention.KvCache;

/**
 * A cache to be compared with the full one.
 *
 * @param name unique within an evaluation, for example {@code heatkv-10%}
 * @param method the method that planned it
 * @param budget share of the full cache that was asked for, 0 to 1
 * @param caches makes a cache for each generation
 */
public record Variant(String name, String method, double budget, Supplier<KvCache> caches) {}
