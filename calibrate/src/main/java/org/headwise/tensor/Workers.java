package org.headwise.tensor;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * A small fixed pool. The caller works too, so a job always ends even when every other thread is busy, and a task may
 * itself call {@link #forEach}.
 */
public final class Workers implements AutoCloseable {
    /** Nanoseconds for which a thread looks out for work or for an end before it sleeps. */
    private static final long PATIENCE = 200_000;

    private final int threads;
    private final LinkedBlockingQueue<Job> queue = new LinkedBlockingQueue<>();
    private final Thread[] pool;

    /** @param threads how many work at the same time, the caller included; at least 1 */
    public Workers(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("at least one thread is needed, got " + threads);
        }
        this.threads = threads;
        pool = new Thread[threads - 1];
        for (int i = 0; i < pool.length; i++) {
            pool[i] = Thread.ofPlatform()
                    .daemon()
                    .name("headwise-worker-" + (i + 1))
                    .start(this::serve);
        }
    }

    public int threads() {
        return threads;
    }

    /**
     * Runs {@code body} for 0 to {@code tasks - 1}, each once, in no particular order, and returns when all are done. The
     * first exception of a task is thrown here; tasks not yet started are then skipped.
     */
    public void forEach(int tasks, IntConsumer body) {
        int helpers = Math.min(pool.length, tasks - 1);
        if (helpers < 1) {
            for (int i = 0; i < tasks; i++) {
                body.accept(i);
            }
            return;
        }
        Job job = new Job(tasks, body);
        for (int i = 0; i < helpers; i++) {
            queue.add(job);
        }
        job.work();
        job.await();
        for (int i = 0; i < helpers && queue.remove(job); i++) {
            // Tickets that nobody took would only wake a thread for nothing.
        }
        job.rethrow();
    }

    private void serve() {
        try {
            while (true) {
                Job job = soon();
                (job == null ? queue.take() : job).work();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** A job that comes at once, or null: the next layer's is near, and waking a thread costs more than a short look. */
    private Job soon() {
        long start = System.nanoTime();
        do {
            Job job = queue.poll();
            if (job != null) {
                return job;
            }
            Thread.onSpinWait();
        } while (System.nanoTime() - start < PATIENCE && !Thread.currentThread().isInterrupted());
        return null;
    }

    /** Ends the threads. Jobs given later run on the caller alone. */
    @Override
    public void close() {
        for (Thread thread : pool) {
            thread.interrupt();
        }
    }

    private static final class Job {
        private final int tasks;
        private final IntConsumer body;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger open;
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        Job(int tasks, IntConsumer body) {
            this.tasks = tasks;
            this.body = body;
            this.open = new AtomicInteger(tasks);
        }

        void work() {
            for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
                try {
                    if (failure.get() == null) {
                        body.accept(i);
                    }
                } catch (Throwable thrown) {
                    failure.compareAndSet(null, thrown);
                }
                if (open.decrementAndGet() == 0) {
                    synchronized (this) {
                        notifyAll();
                    }
                }
            }
        }

        void await() {
            long start = System.nanoTime();
            while (open.get() > 0 && System.nanoTime() - start < PATIENCE) {
                Thread.onSpinWait();
            }
            boolean interrupted = false;
            synchronized (this) {
                while (open.get() > 0) {
                    try {
                        wait();
                    } catch (InterruptedException later) {
                        interrupted = true;
                    }
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        void rethrow() {
            switch (failure.get()) {
                case null -> {}
                case RuntimeException unchecked -> throw unchecked;
                case Error error -> throw error;
                case Throwable checked -> throw new IllegalStateException(checked);
            }
        }
    }
}
