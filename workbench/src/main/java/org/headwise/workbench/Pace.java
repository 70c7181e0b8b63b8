package org.headwise.workbench;

import java.time.Duration;
import java.util.Locale;

/**
 * How far a piece of work is, in words: done, rate and time left.
 *
 * @param what the work in a few words
 * @param done units done so far
 * @param first units that were done before the clock started, by an earlier run
 * @param units how many there are in all
 */
record Pace(String what, long done, long first, long units, Duration elapsed) {
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(TerminalText.clean(what))
                .append(": ")
                .append(done)
                .append(" of ")
                .append(units);
        double seconds = elapsed.toMillis() / 1000.0;
        if (done > first && seconds > 0) {
            double rate = (done - first) / seconds;
            text.append(
                    rate >= 1
                            ? String.format(Locale.ROOT, ", %.1f per second", rate)
                            : String.format(Locale.ROOT, ", %.1f s each", 1 / rate));
            text.append(", ").append(clock(Math.round((units - done) / rate))).append(" left");
        }
        return text.toString();
    }

    /** Seconds as 0:07, 12:34 or 1:02:03. */
    static String clock(long seconds) {
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
