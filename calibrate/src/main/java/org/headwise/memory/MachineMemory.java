package org.headwise.memory;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What this process may take.
 *
 * @param available bytes that the machine or its control group can still give
 * @param by who says so: the machine or a control group
 * @param heap most bytes of the Java heap
 * @param direct most bytes of small matrices and pages outside it
 * @param library most bytes that a library of matrices holds
 */
public record MachineMemory(long available, String by, long heap, long direct, long library) {
    private static final long UNLIMITED = 1L << 60;

    /** Asks the system and the virtual machine. */
    public static MachineMemory now() {
        return of(Path.of("/proc/meminfo"), Path.of("/proc/self/cgroup"), Path.of("/sys/fs/cgroup"));
    }

    /** The same from other files, as tests have them. */
    static MachineMemory of(Path meminfo, Path cgroup, Path groups) {
        long available = available(meminfo)
                .orElseGet(() -> ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                        .getTotalMemorySize());
        long grouped = group(cgroup, groups);
        long heap = Runtime.getRuntime().maxMemory();
        String direct = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("MaxDirectMemorySize")
                .getValue();
        return new MachineMemory(
                Math.min(available, grouped),
                grouped < available ? "the control group" : "the machine",
                heap,
                direct.equals("0") ? heap : Long.parseLong(direct),
                libraryLimit().orElse(heap));
    }

    /** What JavaCPP, which allocates for ND4J, was told to allow; the size of the heap otherwise. */
    private static OptionalLong libraryLimit() {
        String told = System.getProperty("org.bytedeco.javacpp.maxbytes", "");
        Matcher number = Pattern.compile("(\\d{1,15})([kmgt]?)b?").matcher(told.toLowerCase(Locale.ROOT));
        if (!number.matches()) {
            return OptionalLong.empty();
        }
        long bytes = Long.parseLong(number.group(1))
                << 10 * (number.group(2).isEmpty() ? 0 : 1 + "kmgt".indexOf(number.group(2)));
        return OptionalLong.of(bytes == 0 ? UNLIMITED : bytes);
    }

    private static OptionalLong available(Path meminfo) {
        return lines(meminfo).stream()
                .filter(line -> line.startsWith("MemAvailable:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst();
    }

    /** What is left under the limits of this process's control group and those above it, of version 2 or 1. */
    private static long group(Path cgroup, Path groups) {
        long least = UNLIMITED;
        for (String line : lines(cgroup)) {
            String[] parts = line.split(":", 3);
            boolean memory = parts.length == 3 && List.of(parts[1].split(",")).contains("memory");
            if (parts.length == 3 && (parts[1].isEmpty() || memory)) {
                Path root = memory ? groups.resolve("memory") : groups;
                String max = memory ? "memory.limit_in_bytes" : "memory.max";
                String used = memory ? "memory.usage_in_bytes" : "memory.current";
                Path at = root.resolve(parts[2].substring(1));
                for (; at != null && at.startsWith(root); at = at.getParent()) {
                    least = Math.min(least, left(at.resolve(max), at.resolve(used)));
                }
            }
        }
        return least;
    }

    private static long left(Path max, Path used) {
        long limit = number(max).orElse(UNLIMITED);
        return limit >= UNLIMITED ? UNLIMITED : Math.max(0, limit - number(used).orElse(0));
    }

    private static OptionalLong number(Path file) {
        return lines(file).stream()
                .filter(line -> line.matches("\\d{1,19}"))
                .mapToLong(line -> line.length() == 19 ? UNLIMITED : Long.parseLong(line))
                .findFirst();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Why a plan cannot be carried out here, each reason with both numbers and what to do; none if it can. */
    public List<String> obstacles(MemoryPlan plan) {
        List<String> reasons = new ArrayList<>();
        if (plan.heap() > heap) {
            reasons.add("the Java heap needs " + show(plan.heap()) + " and may take " + show(heap)
                    + " (JAVA_TOOL_OPTIONS=-Xmx" + Math.ceilDiv(plan.heap(), 1L << 20) + "m lets it)");
        }
        if (plan.direct() > direct) {
            reasons.add("small matrices and pages outside the Java heap need " + show(plan.direct()) + " and may take "
                    + show(direct) + " (-XX:MaxDirectMemorySize=" + Math.ceilDiv(plan.direct(), 1L << 20)
                    + "m lets them)");
        }
        if (plan.library() > library) {
            reasons.add("the weights that ND4J holds need " + show(plan.library()) + " and may take " + show(library)
                    + " (-Dorg.bytedeco.javacpp.maxbytes=" + Math.ceilDiv(plan.library(), 1L << 20) + "m lets them)");
        }
        if (plan.process() > available) {
            reasons.add("all together needs " + show(plan.process()) + " and " + by + " has " + show(available));
        }
        return reasons;
    }

    /** Bytes for people: {@code 1.53 GiB}. */
    public static String show(long bytes) {
        return bytes >= 1L << 30
                ? String.format(Locale.ROOT, "%.2f GiB", bytes / (double) (1L << 30))
                : String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1L << 20));
    }
}
