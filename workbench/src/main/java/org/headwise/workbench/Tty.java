package org.headwise.workbench;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** Whether a stream of this process ends at a terminal: the JDK tells only of input and output taken together. */
@SuppressWarnings("restricted")
final class Tty {
    static final int OUT = 1;
    static final int ERR = 2;

    private Tty() {}

    /** False also where the C library has no {@code isatty}. */
    static boolean is(int descriptor) {
        Optional<MemorySegment> isatty = Linker.nativeLinker().defaultLookup().find("isatty");
        if (isatty.isEmpty()) {
            return false;
        }
        try {
            return (int) Linker.nativeLinker()
                            .downcallHandle(
                                    isatty.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                            .invokeExact(descriptor)
                    == 1;
        } catch (Throwable e) {
            throw new IllegalStateException("isatty failed", e);
        }
    }
}
