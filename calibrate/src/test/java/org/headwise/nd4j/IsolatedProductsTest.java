package org.headwise.nd4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.headwise.files.InputRefused;
import org.headwise.tensor.Products;
import org.junit.jupiter.api.Test;

class IsolatedProductsTest {
    private static List<Path> jarsOfThisTest() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .map(Path::of)
                .toList();
    }

    @Test
    void multipliesInAClassLoaderOfItsOwn() {
        try (Products isolated = IsolatedProducts.load(jarsOfThisTest())) {
            assertNotSame(Nd4jProducts.class, isolated.getClass());
            Products.Held weight = isolated.hold(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
            float[] rows = new float[4];
            isolated.linear(new float[] {1, 0, 0, 1, 1, 1}, 2, weight, rows);
            assertArrayEquals(new float[] {1, 4, 6, 15}, rows);
            float[] columns = new float[2];
            isolated.times(weight, new float[] {1, 1, 2}, 1, columns);
            assertArrayEquals(new float[] {9, 21}, columns);
        }
    }

    @Test
    void jarsWithoutABackendAreRefused() {
        List<Path> jars = jarsOfThisTest().stream()
                .filter(jar -> !jar.getFileName().toString().startsWith("nd4j-native"))
                .toList();
        assertTrue(assertThrows(InputRefused.class, () -> IsolatedProducts.load(jars))
                .getMessage()
                .startsWith("ND4J does not start from its " + jars.size() + " jars: "));
    }
}
