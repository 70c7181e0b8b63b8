package org.headwise.attention;

import java.util.List;

/**
 * Bytes of KV cache, step by step. A runtime fills it with what it really allocated; a schedule with what it predicts.
 *
 * @param peakBytes the most that was held at any moment of each step
 * @param endBytes what was held when each step was over
 */
public record Ledger(List<Long> peakBytes, List<Long> endBytes) {
    public Ledger {
        peakBytes = List.copyOf(peakBytes);
        endBytes = List.copyOf(endBytes);
    }

    /** The most that was held at any moment, in bytes. */
    public long peak() {
        return peakBytes.stream().mapToLong(Long::longValue).max().orElse(0);
    }
}
