package org.headwise.tensor;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Tells the system what pages of memory will be used for, where it has {@code madvise}; elsewhere nothing happens. */
public final class MemoryAdvice {
    private static final MethodHandle ADVISE = find();

    /** Numbers of advice; the first two are the same on Linux and macOS. */
    public enum Advice {
        WILL_NEED(3),
        NOT_NEEDED(4),
        /** Of Linux alone. */
        HUGE_PAGES(14);

        private final int number;

        Advice(int number) {
            this.number = number;
        }
    }

    private MemoryAdvice() {}

    @SuppressWarnings("restricted")
    private static MethodHandle find() {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup()
                .find("madvise")
                .map(address -> linker.downcallHandle(
                        address,
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_INT)))
                .orElse(null);
    }

    public static boolean available() {
        return ADVISE != null;
    }

    /**
     * Gives advice, which the system may refuse, and which changes no content that comes from a file.
     *
     * @param address a multiple of the page size
     * @param bytes from there on
     */
    public static void give(long address, long bytes, Advice advice) {
        if (ADVISE == null) {
            return;
        }
        try {
            int _ = (int) ADVISE.invokeExact(address, bytes, advice.number);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
