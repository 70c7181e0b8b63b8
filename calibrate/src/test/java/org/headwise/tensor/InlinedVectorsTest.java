package org.headwise.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.util.Arrays;
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
    void flagsNameTheMethodsThatAreGivenVectors() {
        Set<String> named = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith(INLINE))
                .map(argument -> argument.substring(INLINE.length()))
                .collect(Collectors.toSet());
        Set<String> given = Stream.of(
                        VectorBf16.class,
                        VectorElements.class,
                        VectorExp.class,
                        VectorKernels.class,
                        VectorPackedBf16.class,
                        VectorPackedF32.class,
                        VectorProbabilities.class,
                        VectorProduct1.class,
                        VectorProduct2.class,
                        VectorProduct4.class,
                        VectorRows.class,
                        VectorTranspose.class,
                        VectorTranspose16.class,
                        VectorWiden.class)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> Arrays.stream(method.getParameterTypes()).anyMatch(Vector.class::isAssignableFrom))
                .map(InlinedVectorsTest::name)
                .collect(Collectors.toSet());
        assertEquals(given, named);
    }

    private static String name(Method method) {
        return method.getDeclaringClass().getName() + "::" + method.getName();
    }
}
