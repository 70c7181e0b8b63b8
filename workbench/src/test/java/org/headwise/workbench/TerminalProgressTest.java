package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TerminalProgressTest {
    private final AtomicLong nanos = new AtomicLong();
    private final StringWriter err = new StringWriter();
    private final TerminalProgress progress = new TerminalProgress(
            new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(err), false, false), nanos::get);

    private void at(double seconds) {
        nanos.set((long) (seconds * 1e9));
    }

    @Test
    void shortWorkIsSilent() {
        progress.start("drawing", 3);
        at(0.3);
        progress.step(1);
        at(0.9);
        progress.step(3);
        progress.finish();
        assertEquals("", err.toString());
    }

    @Test
    void longWorkTellsEveryFewSeconds() {
        progress.start("calibrating", 100);
        for (int i = 1; i <= 24; i++) {
            at(i / 2.0);
            progress.step(i);
        }
        progress.finish();
        assertEquals(
                List.of(
                        "calibrating: 2 of 100, 2.0 per second, 0:49 left",
                        "calibrating: 12 of 100, 2.0 per second, 0:44 left",
                        "calibrating: 22 of 100, 2.0 per second, 0:39 left"),
                err.toString().lines().toList());
    }

    @Test
    void whatAnEarlierRunDidDoesNotCountForTheRate() {
        progress.start("calibrating", 100);
        progress.step(90);
        at(4);
        progress.step(91);
        progress.finish();
        assertEquals("calibrating: 91 of 100, 4.0 s each, 0:36 left" + System.lineSeparator(), err.toString());
    }

    @Test
    void tellsWhereWithinAUnitWorkIs() {
        progress.start("drawing", 2);
        at(2);
        progress.at("scale 1 of 10");
        at(8);
        progress.at("scale 2 of 10");
        at(20);
        progress.step(1);
        assertEquals(
                List.of(
                        "drawing: 0 of 2, scale 1 of 10",
                        "drawing: 0 of 2, scale 2 of 10",
                        "drawing: 1 of 2, 20.0 s each, 0:20 left"),
                err.toString().lines().toList());
        progress.finish();
    }

    @Test
    void afterTheEndNothingIsSaid() {
        progress.start("drawing", 3);
        progress.finish();
        at(60);
        progress.step(2);
        progress.finish();
        assertEquals("", err.toString());
    }

    @Test
    void timesAreReadable() {
        assertEquals("0:07", Pace.clock(7));
        assertEquals("12:34", Pace.clock(754));
        assertEquals("1:02:03", Pace.clock(3723));
        String pace = new Pace("x\u001b", 0, 0, 5, Duration.ofSeconds(9)).toString();
        assertEquals("x: 0 of 5", pace);
    }

    @Test
    void quietAndNoProgressSilenceIt() {
        CommonOptions quiet = new CommonOptions();
        quiet.noProgress = true;
        Terminal terminal = new Terminal(new PrintWriter(err), new PrintWriter(err), false, false);
        assertTrue(new Session(terminal, quiet, List.of()).progress() == org.headwise.files.Progress.NONE);
    }
}
