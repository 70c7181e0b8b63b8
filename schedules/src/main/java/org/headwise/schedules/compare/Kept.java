package org.headwise.schedules.compare;

/**
 * Tokens of one batch row that some kv heads keep of what a full cache would hold; between two bounds where tokens are
 * chosen while a model runs, means over prompts and batch rows where they were counted.
 */
public record Kept(double least, double most, double full) {
    public boolean isExact() {
        return least == most;
    }

    /** The least share of the full cache, 0 to 1; NaN where there is nothing to keep. */
    public double leastShare() {
        return full == 0 ? Double.NaN : least / full;
    }

    public double mostShare() {
        return full == 0 ? Double.NaN : most / full;
    }
}
