package org.headwise.workbench;

import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.headwise.files.Progress;

/**
 * Progress on standard error: a moving bar where a terminal watches, plain lines every few seconds elsewhere, and
 * nothing at all for work that is over within a second.
 */
final class TerminalProgress implements Progress {
    private static final Duration SILENT = Duration.ofSeconds(1);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

    private final Terminal terminal;
    private final LongSupplier nanos;
    private Timer timer;
    private ProgressBar bar;
    private String what;
    private long units;
    private long first;
    private long done;
    private boolean stepped;
    private long started;
    private long nextShown;
    private String place = "";

    /** @param nanos a clock, for example {@code System::nanoTime} */
    TerminalProgress(Terminal terminal, LongSupplier nanos) {
        this.terminal = terminal;
        this.nanos = nanos;
    }

    @Override
    public synchronized void start(String work, long count) {
        finish();
        what = work;
        units = count;
        first = 0;
        done = 0;
        stepped = false;
        place = "";
        started = nanos.getAsLong();
        nextShown = started + SILENT.toNanos();
        timer = new Timer("headwise-progress", true);
        timer.schedule(
                new TimerTask() {
                    @Override
                    public void run() {
                        tick();
                    }
                },
                SILENT.toMillis(),
                SILENT.toMillis());
    }

    @Override
    public synchronized void step(long count) {
        if (!stepped && nanos.getAsLong() - started < SILENT.toNanos()) {
            // What is done at once was done by an earlier run, and says nothing of the rate.
            first = count > 1 ? count : 0;
        }
        stepped = true;
        done = count;
        place = "";
        tick();
    }

    @Override
    public synchronized void at(String where) {
        place = where;
        tick();
    }

    @Override
    public synchronized void finish() {
        if (timer == null) {
            return;
        }
        timer.cancel();
        timer = null;
        if (bar != null) {
            bar.stepTo(done);
            bar.close();
            bar = null;
        }
    }

    /** Shows where the work is, if it is time to. */
    private synchronized void tick() {
        long now = nanos.getAsLong();
        if (timer == null || now < nextShown) {
            return;
        }
        if (terminal.errWatched()) {
            if (bar == null) {
                bar = bar();
            }
            bar.stepTo(done);
            bar.setExtraMessage(TerminalText.clean(place));
        } else {
            nextShown = now + BETWEEN_LINES.toNanos();
            Pace pace = new Pace(what, done, first, units, Duration.ofNanos(now - started));
            terminal.error(pace + (place.isEmpty() ? "" : ", " + TerminalText.clean(place)));
        }
    }

    private ProgressBar bar() {
        return new ProgressBarBuilder()
                .setTaskName(TerminalText.clean(what))
                .setInitialMax(units)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(250)
                .startsFrom(first, Duration.ofNanos(nanos.getAsLong() - started))
                .showSpeed()
                .build();
    }
}
