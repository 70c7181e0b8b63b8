package org.headwise.workbench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import jdk.incubator.vector.FloatVector;

/** What headwise needs of a machine, looked at one by one. */
final class Machine {
    private static final double GIB = 1L << 30;

    private Machine() {}

    static List<Finding> findings() {
        return List.of(
                java(),
                processors(),
                vectors(),
                memory(),
                disk(Path.of("")),
                temporary(),
                nativeLibrary("tokenizers", "/native/lib/" + platform("osx", "win") + "/cpu/" + tokenizersFile(), true),
                nativeLibrary(
                        "ND4J (--backend nd4j)",
                        "/org/nd4j/linalg/cpu/nativecpu/bindings/" + platform("macosx", "windows") + "/"
                                + System.mapLibraryName("nd4jcpu"),
                        false),
                CudaDriver.ask().finding(),
                cudaLibraries());
    }

    private static Finding java() {
        String text =
                Runtime.version() + ", " + System.getProperty("java.vendor") + ", " + System.getProperty("java.home");
        return Runtime.version().feature() >= 25
                ? Finding.ok("Java", text)
                : Finding.fail("Java", text + ": 25 or newer is needed");
    }

    private static Finding processors() {
        return Finding.ok(
                "processors", Runtime.getRuntime().availableProcessors() + " (" + System.getProperty("os.arch") + ")");
    }

    private static Finding vectors() {
        try {
            int bits = FloatVector.SPECIES_PREFERRED.vectorBitSize();
            return bits >= 128
                    ? Finding.ok("vector unit", bits + " bits: " + bits / Float.SIZE + " floats at a time")
                    : Finding.note("vector unit", "none that Java can use: kernels run one number at a time");
        } catch (NoClassDefFoundError missing) {
            return Finding.fail("vector unit", "module jdk.incubator.vector is off; start through ./headwise");
        }
    }

    private static Finding memory() {
        double total =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize() / GIB;
        double heap = Runtime.getRuntime().maxMemory() / GIB;
        String text = String.format(Locale.ROOT, "%.1f GiB, of which Java's heap may take %.1f GiB", total, heap);
        return total >= 2
                ? Finding.ok("memory", text)
                : Finding.note("memory", text + "; the bundled models need about 2 GiB");
    }

    static Finding disk(Path folder) {
        try {
            FileStore store = Files.getFileStore(folder.toAbsolutePath());
            double free = store.getUsableSpace() / GIB;
            String text = String.format(Locale.ROOT, "%.1f GiB free in %s", free, folder.toAbsolutePath());
            return free >= 1 ? Finding.ok("disk", text) : Finding.note("disk", text + "; runs need about 1 GiB");
        } catch (IOException e) {
            return Finding.fail("disk", folder.toAbsolutePath() + " cannot be examined: " + e.getMessage());
        }
    }

    private static Finding temporary() {
        return temporary(Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** Whether files can be made and removed in the folder for temporary files. */
    static Finding temporary(Path folder) {
        try {
            Path file = Files.createTempFile(folder, "headwise", ".probe");
            Files.delete(file);
            return Finding.ok("temporary files", folder + " can be written");
        } catch (IOException e) {
            return Finding.fail(
                    "temporary files", folder + " cannot be written: native libraries are unpacked there (" + e + ")");
        }
    }

    private static Finding nativeLibrary(String name, String resource, boolean needed) {
        if (Machine.class.getResource(resource) != null) {
            return Finding.ok(name, "native library for " + platform("macos", "windows") + " is present");
        }
        String text = "no native library for " + platform("macos", "windows");
        return needed ? Finding.fail(name, text) : Finding.note(name, text);
    }

    private static Finding cudaLibraries() {
        return Finding.note(
                "ND4J for CUDA (--backend cuda)",
                Backend.cudaJars()
                        .map(jars -> jars.size() + " jars are there")
                        .orElse("not fetched; where there is a card: " + Backend.FETCH));
    }

    private static String tokenizersFile() {
        return System.mapLibraryName("tokenizers");
    }

    private static String platform(String mac, String windows) {
        String name = System.getProperty("os.name");
        String system = windows() ? windows : name.startsWith("Mac") ? mac : "linux";
        String processor = System.getProperty("os.arch");
        return system + "-"
                + switch (processor) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "arm64", "aarch64" -> "aarch64";
                    default -> processor;
                };
    }

    private static boolean windows() {
        return System.getProperty("os.name").startsWith("Windows");
    }
}
