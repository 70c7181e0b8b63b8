package org.headwise.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.headwise.memory.MemoryPlan.Part;
import org.headwise.memory.MemoryPlan.When;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineMemoryTest {
    private static final long GIB = 1L << 30;

    @TempDir
    Path folder;

    private Path meminfo;

    @BeforeEach
    void machineOfEightGib() throws IOException {
        meminfo = Files.writeString(
                folder.resolve("meminfo"), "MemTotal:       16777216 kB\nMemAvailable:    8388608 kB\n");
    }

    @Test
    void aMachineHasWhatItSays() {
        MachineMemory machine = read("");
        assertEquals(8 * GIB, machine.available());
        assertEquals("the machine", machine.by());
        assertEquals(Runtime.getRuntime().maxMemory(), machine.heap());
        assertTrue(machine.direct() > 0);
    }

    @Test
    void theNarrowestGroupOfVersion2Counts() throws IOException {
        write("limits/memory.max", "max");
        write("limits/a/memory.max", "" + 4 * GIB);
        write("limits/a/memory.current", "" + GIB);
        write("limits/a/b/memory.max", "" + 6 * GIB);
        write("limits/a/b/memory.current", "0");
        MachineMemory machine = read("0::/a/b\n");
        assertEquals(3 * GIB, machine.available());
        assertEquals("the control group", machine.by());
    }

    @Test
    void aGroupOfVersion1CountsAndItsUnlimitedNumberDoesNot() throws IOException {
        write("limits/memory/memory.limit_in_bytes", "9223372036854771712");
        write("limits/memory/memory.usage_in_bytes", "5");
        assertEquals(8 * GIB, read("4:cpu,memory:/\n").available());
        write("limits/memory/memory.limit_in_bytes", "" + 2 * GIB);
        assertEquals(2 * GIB - 5, read("4:cpu,memory:/\n").available());
    }

    @Test
    void everyObstacleHasBothNumbers() {
        MemoryPlan plan = new MemoryPlan(List.of(
                new Part("weights", When.ALWAYS, 0, 3 * GIB, 5 * GIB / 2, 0, 7 * GIB),
                new Part("library", When.ALWAYS, 0, GIB, 0, GIB, 0),
                new Part("drawing", When.DRAWING, GIB, 0, 0, 0, 0),
                new Part("decoding", When.DECODING, 2 * GIB, 0, 0, 0, 0)));
        assertEquals(2 * GIB, plan.heapAlive());
        assertEquals(List.of(), new MachineMemory(8 * GIB, "the machine", 4 * GIB, 4 * GIB, GIB).obstacles(plan));
        assertEquals(
                List.of(
                        "the Java heap needs 2.30 GiB and may take 2.00 GiB (JAVA_TOOL_OPTIONS=-Xmx2356m lets it)",
                        "small matrices and pages outside the Java heap need 2.50 GiB and may take 2.00 GiB"
                                + " (-XX:MaxDirectMemorySize=2560m lets them)",
                        "the weights that ND4J holds need 1.00 GiB and may take 512.0 MiB"
                                + " (-Dorg.bytedeco.javacpp.maxbytes=1024m lets them)",
                        "all together needs 6.30 GiB and the machine has 5.00 GiB"),
                new MachineMemory(5 * GIB, "the machine", 2 * GIB, 2 * GIB, GIB / 2).obstacles(plan));
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text + "\n");
    }

    private MachineMemory read(String groups) {
        try {
            Path cgroup = Files.writeString(folder.resolve("cgroup"), groups);
            return MachineMemory.of(meminfo, cgroup, folder.resolve("limits"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
