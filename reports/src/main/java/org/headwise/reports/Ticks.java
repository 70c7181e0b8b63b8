package org.headwise.reports;

import java.util.ArrayList;
import java.util.List;

/** Where an axis has marks and what is written there. */
final class Ticks {
    /** One mark: its place in data coordinates and its label. */
    record Tick(double value, String label) {}

    private Ticks() {}

    /** About {@code count} round numbers from at most {@code low} to at least {@code high}. */
    static List<Tick> nice(double low, double high, int count) {
        if (!(high > low)) {
            return List.of(new Tick(low, Shown.significant(low, 3)));
        }
        double rough = (high - low) / count;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double unit = rough / power;
        double step = (unit <= 1 ? 1 : unit <= 2 ? 2 : unit <= 2.5 ? 2.5 : unit <= 5 ? 5 : 10) * power;
        boolean quarter = unit > 2 && unit <= 2.5;
        int decimals = Math.max(0, (int) -Math.floor(Math.log10(step) + 1e-9)) + (quarter ? 1 : 0);
        List<Tick> ticks = new ArrayList<>();
        for (long i = (long) Math.floor(low / step + 1e-9); ; i++) {
            ticks.add(new Tick(i * step, label(i * step, decimals)));
            if (i * step >= high - step * 1e-9) {
                return ticks;
            }
        }
    }

    /** The two ends of a range and its middle. */
    static List<Tick> ends(double low, double high) {
        int decimals = Math.clamp((int) Math.ceil(1.3 - Math.log10(high - low)), 0, 5);
        List<Tick> ticks = new ArrayList<>();
        for (double value : new double[] {low, (low + high) / 2, high}) {
            ticks.add(new Tick(value, label(value, decimals)));
        }
        return ticks;
    }

    /** Whole numbers 0 to {@code n - 1}, at most {@code most} of them. */
    static List<Tick> indices(int n, int most) {
        int stride = 1;
        for (int candidate : new int[] {1, 2, 4, 5, 8, 10, 16, 20, 50, 100, 200, 500, 1000, 10_000, n}) {
            stride = candidate;
            if ((n - 1) / stride + 1 <= most) {
                break;
            }
        }
        List<Tick> ticks = new ArrayList<>();
        for (int i = 0; i < n; i += Math.max(1, stride)) {
            ticks.add(new Tick(i, Integer.toString(i)));
        }
        return ticks;
    }

    private static String label(double value, int decimals) {
        return decimals > 5 || Math.abs(value) >= 1e7 ? Shown.significant(value, 3) : Shown.number(value, decimals);
    }
}
