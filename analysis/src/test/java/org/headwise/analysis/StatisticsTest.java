package org.headwise.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    private static final List<Integer> SIDES = List.of(1, 2, 4, 6, 8, 12, 16, 20, 24, 32, 40, 48, 64);

    @Test
    void allSumsOfInfinity2bAtOneMegapixelStaySmall() {
        Geometry geometry = new Geometry(
                "infinity",
                32,
                16,
                16,
                128,
                SIDES.stream().map(n -> new Grid(n, n)).toList());
        assertEquals(10_521, geometry.totalTokens());
        long bytes = Statistics.all(geometry).stream()
                .flatMap(s -> s.sums().arrays().values().stream())
                .mapToLong(a -> 8L * a.data().length)
                .sum();
        assertEquals(10.3, bytes / (double) (1 << 20), 0.1, "the figure in the Javadoc of Statistics");
        assertTrue(bytes < 48L << 20);
    }

    @Test
    void allSumsOfJanusPro1bStaySmall() {
        Geometry geometry = Geometry.raster("janus", 24, 16, 16, 128, new Grid(24, 24));
        long bytes = Statistics.all(geometry).stream()
                .flatMap(s -> s.sums().arrays().values().stream())
                .mapToLong(a -> 8L * a.data().length)
                .sum();
        assertEquals(30.9, bytes / (double) (1 << 20), 0.1, "the figure in the Javadoc of Statistics");
    }

    @Test
    void namesAreUnique() {
        List<String> names = Statistics.all(RandomAttention.SMALL).stream()
                .map(Statistic::name)
                .toList();
        assertEquals(names.size(), new HashSet<>(names).size());
        assertEquals(List.of("scale-heat", "locality", "sinks", "dispersion", "selectivity", "column-variance"), names);
    }

    @Test
    void namedKeepsTheOrderAndRefusesTheUnknown() {
        List<Statistic> two = Statistics.named(RandomAttention.SMALL, List.of("sinks", "scale-heat"));
        assertEquals(
                List.of("scale-heat", "sinks"),
                two.stream().map(Statistic::name).toList());
        InputRefused refused =
                assertThrows(InputRefused.class, () -> Statistics.named(RandomAttention.SMALL, List.of("sink")));
        assertEquals(
                "there is no statistic 'sink'; known are scale-heat, locality, sinks, dispersion, selectivity, column-variance",
                refused.getMessage());
    }
}
