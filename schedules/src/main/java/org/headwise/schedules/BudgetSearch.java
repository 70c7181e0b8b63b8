package org.headwise.schedules;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.headwise.attention.Ledger;

/**
 * Looks for the share of the full cache at which a method comes as near to a peak as it can, never above. A peak need not
 * grow with the share, and some shares cannot be planned at all; so an even grid of shares is tried first, and then the
 * border between shares that fit and shares that do not is closed in on wherever the grid crosses it.
 */
public final class BudgetSearch {
    /** What a method leads to at a share. */
    @FunctionalInterface
    public interface Outcome {
        /** The ledger at a share from 0 to 1; empty where the method cannot be planned. */
        Optional<Ledger> at(double share);
    }

    /** A share and the ledger it leads to. */
    public record Found(double share, Ledger ledger) {
        /** Bytes kept at the ends of all steps together: of equal peaks, the one that keeps more in between is better. */
        private long kept() {
            return ledger.endBytes().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** The nearest from below. */
    private static final Comparator<Found> ORDER = Comparator.<Found>comparingLong(
                    found -> found.ledger().peak())
            .thenComparingLong(Found::kept)
            .thenComparingDouble(Found::share);

    /** Shares nearer than this are the same; schedules know twelve decimals. */
    private static final double RESOLUTION = 1e-12;

    private static final int LEAST_DECIMALS = 2;
    private static final int MOST_DECIMALS = 12;

    private enum Size {
        IMPOSSIBLE,
        FITS,
        LARGE
    }

    private final Outcome outcome;
    private final long limit;
    private final TreeMap<Double, Optional<Ledger>> tried = new TreeMap<>();

    private BudgetSearch(Outcome outcome, long limit) {
        this.outcome = outcome;
        this.limit = limit;
    }

    /**
     * The share with the highest peak that is not above the limit; of equal ones that which keeps most between the steps.
     *
     * @param limit bytes that the peak may have
     * @param grid how many equal parts of the full cache are tried first; where a method can only tell so many shares
     *     apart, their number
     * @return empty if every share tried is above the limit or cannot be planned
     */
    public static Optional<Found> nearest(Outcome outcome, long limit, int grid) {
        BudgetSearch search = new BudgetSearch(outcome, limit);
        for (int i = 0; i <= grid; i++) {
            search.fits((double) i / grid);
        }
        for (int i = 0; i < grid; i++) {
            search.closeIn((double) i / grid, (i + 1.0) / grid);
        }
        return search.best().map(search::shortened);
    }

    private Optional<Ledger> at(double share) {
        return tried.computeIfAbsent(share, outcome::at);
    }

    private boolean fits(double share) {
        return size(share) == Size.FITS;
    }

    private Size size(double share) {
        return at(share)
                .map(ledger -> ledger.peak() <= limit ? Size.FITS : Size.LARGE)
                .orElse(Size.IMPOSSIBLE);
    }

    /** Between two shares that end differently: halves the distance until only the border is left. */
    private void closeIn(double from, double to) {
        Size low = size(from);
        Size high = size(to);
        double left = from;
        double right = to;
        if (low == high) {
            return;
        }
        while (right - left > RESOLUTION) {
            double middle = (left + right) / 2;
            Size found = size(middle);
            if (found == low) {
                left = middle;
            } else if (found == high) {
                right = middle;
            } else {
                closeIn(left, middle);
                closeIn(middle, right);
                return;
            }
        }
    }

    private Optional<Found> best() {
        return tried.entrySet().stream()
                .filter(entry -> fits(entry.getKey()))
                .map(this::found)
                .max(ORDER);
    }

    private Found found(Map.Entry<Double, Optional<Ledger>> entry) {
        return new Found(entry.getKey(), entry.getValue().orElseThrow());
    }

    /** A share that leads to the same ledger with as few decimals as possible: it can be read, and typed. */
    private Found shortened(Found found) {
        for (int decimals = LEAST_DECIMALS; decimals <= MOST_DECIMALS; decimals++) {
            double unit = Math.pow(10, decimals);
            for (double share : new double[] {Math.floor(found.share() * unit), Math.ceil(found.share() * unit)}) {
                double rounded = Math.min(1, share / unit);
                if (at(rounded).filter(found.ledger()::equals).isPresent()) {
                    return new Found(rounded, found.ledger());
                }
            }
        }
        return found;
    }
}
