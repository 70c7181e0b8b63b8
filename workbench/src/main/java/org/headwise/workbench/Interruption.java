package org.headwise.workbench;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and the request to terminate, during work that can be resumed: the work is asked to stop, gets a moment for it,
 * and the person is told how to go on. The process then ends with 130 or 143, as the signal has it.
 */
final class Interruption implements AutoCloseable {
    private static final long SECONDS_TO_STOP = 5;

    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread hook;
    private volatile boolean requested;

    /** From now on until {@link #close}; {@code resume} is the command line that goes on with the work. */
    Interruption(Terminal terminal, String resume) {
        hook = new Thread(() -> {
            requested = true;
            await();
            terminal.error("headwise: interrupted; what is finished is kept. Go on with:");
            terminal.error("  " + resume);
        });
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Whether the work should stop. */
    boolean requested() {
        return requested;
    }

    private void await() {
        try {
            // Work that takes longer is left as a kill would leave it: what was written is whole.
            over.await(SECONDS_TO_STOP, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        over.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyShuttingDown) {
            requested = true;
        }
    }
}
