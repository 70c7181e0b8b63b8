package org.headwise.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.incubator.vector.Vector;
import org.junit.jupiter.api.Test;

/**
 * A method that is given vectors must become part of its callers. If it was compiled by itself first, which is a matter
 * of chance, the compiler finds it too large, and every vector on its way there is made an object.
 */
class InlinedVectorsTest {
    private static final String INLINE = "-XX:CompileCommand=inline,";

    @Test
    void flagsNameTheMethodsThatAreGivenVectors() throws Exception {
        Set<String> named = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith(INLINE))
                .map(argument -> argument.substring(INLINE.length()))
                .collect(Collectors.toSet());
        Set<String> given = kernels().stream()
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> Arrays.stream(method.getParameterTypes()).anyMatch(Vector.class::isAssignableFrom))
                .map(InlinedVectorsTest::name)
                .collect(Collectors.toSet());
        assertEquals(given, named);
    }

    private static List<Class<?>> kernels() throws Exception {
        Path one = Path.of(VectorExp.class.getResource("VectorExp.class").toURI());
        List<Class<?>> kernels = new ArrayList<>();
        try (Stream<Path> files = Files.list(one.getParent())) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.startsWith("Vector") && name.endsWith(".class")) {
                    kernels.add(Class.forName(
                            VectorExp.class.getPackageName() + "." + name.substring(0, name.indexOf('.'))));
                }
            }
        }
        return kernels;
    }

    private static String name(Method method) {
        return method.getDeclaringClass().getName() + "::" + method.getName();
    }
}
