package org.headwise.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.headwise.files.InputRefused;
import org.junit.jupiter.api.Test;

/** What happens in a Java that was started without the Vector API module, or with too little memory. */
class FallbackTest {
    /** What the other Java runs. */
    static final class Probe {
        private Probe() {}

        public static void main(String[] args) {
            try (Engine engine = Engine.vector(2)) {
                System.out.println(engine.describe());
                Matrix w = engine.pack(new float[] {1, 2, 3, 4}, 2, 2, DType.BF16);
                System.out.println(Arrays.toString(engine.linear(Tensor.of(new float[] {1, 10}, 1, 2), w, null)
                        .data()));
            }
        }
    }

    /** Packs more than the Java that runs it may hold. */
    static final class Hoard {
        private Hoard() {}

        public static void main(String[] args) {
            try (Engine engine = Engine.scalar(1)) {
                engine.pack(new float[512 * 512], 512, 512, DType.F32);
                System.out.println("packed");
            } catch (InputRefused refused) {
                System.out.println(refused.getMessage());
            }
        }
    }

    @Test
    void worksWithoutTheVectorModule() throws IOException, InterruptedException, URISyntaxException {
        assertEquals("""
                scalar, 2 threads (slow: this Java runs without its Vector API; start it with --add-modules jdk.incubator.vector)
                [21.0, 43.0]""", run(Probe.class));
    }

    @Test
    void saysThatWeightsHaveNoRoom() throws IOException, InterruptedException, URISyntaxException {
        String said = run(Hoard.class, "-XX:MaxDirectMemorySize=512k");
        assertTrue(said.startsWith("weights: there is no room for 1048576 more bytes outside the Java heap ("), said);
        assertEquals("packed", run(Hoard.class, "-XX:MaxDirectMemorySize=4m"));
    }

    private static String run(Class<?> program, String... flags)
            throws IOException, InterruptedException, URISyntaxException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        String classPath = String.join(
                File.pathSeparator, place(Engine.class), place(FallbackTest.class), place(InputRefused.class));
        command.addAll(List.of("-cp", classPath, program.getName()));
        Process java = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, java.waitFor(), output);
        return output.strip().replace("\r", "");
    }

    private static String place(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }
}
