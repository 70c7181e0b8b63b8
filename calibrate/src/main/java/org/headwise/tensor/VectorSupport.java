package org.headwise.tensor;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** Whether this Java on this processor can run the vector kernels at speed. */
final class VectorSupport {
    private VectorSupport() {}

    /** Why it cannot, or nothing if it can. */
    static Optional<String> missing() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return Optional.of(
                    "this Java runs without its Vector API; start it with --add-modules jdk.incubator.vector");
        }
        // Without it a fused multiply-add is computed in software, a thousand times slower than two operations.
        if (!flag("UseFMA")) {
            return Optional.of("this processor has no fused multiply-add, or Java was told not to use it");
        }
        return Optional.empty();
    }

    private static boolean flag(String name) {
        try {
            HotSpotDiagnosticMXBean machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            return machine == null
                    || Boolean.parseBoolean(machine.getVMOption(name).getValue());
        } catch (IllegalArgumentException unknown) {
            // Another virtual machine: nothing is known against it.
            return true;
        }
    }
}
