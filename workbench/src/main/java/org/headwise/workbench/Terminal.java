package org.headwise.workbench;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * The two streams of a command: results on {@code out}, messages and progress on {@code err}. Both are UTF-8 whatever
 * the locale says.
 *
 * @param outWatched whether results go to a terminal, where colours help
 * @param errWatched whether messages go to a terminal, where a progress bar can move
 */
record Terminal(PrintWriter out, PrintWriter err, boolean outWatched, boolean errWatched) {
    /** The streams of this process. */
    static Terminal ofProcess() {
        boolean smart = !"dumb".equals(System.getenv("TERM"));
        return new Terminal(
                new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), true),
                new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true),
                smart && Tty.is(Tty.OUT),
                smart && Tty.is(Tty.ERR));
    }

    /** A line on standard error; foreign text in it is made harmless. */
    void error(String message) {
        err.println(TerminalText.cleanLines(message));
        err.flush();
    }

    void trace(Throwable failure) {
        failure.printStackTrace(err);
        err.flush();
    }
}
