package org.headwise.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A Java that was started without the Vector API module computes the same, slowly, and says why. */
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

    @Test
    void worksWithoutTheVectorModule() throws IOException, InterruptedException, URISyntaxException {
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        place(Engine.class) + File.pathSeparator + place(Probe.class),
                        Probe.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, java.waitFor(), output);
        assertEquals("""
                scalar, 2 threads (slow: this Java runs without its Vector API; start it with --add-modules jdk.incubator.vector)
                [21.0, 43.0]""", output.strip().replace("\r", ""));
    }

    private static String place(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }
}
