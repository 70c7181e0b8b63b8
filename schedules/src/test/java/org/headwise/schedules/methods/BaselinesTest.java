package org.headwise.schedules.methods;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.headwise.analysis.Profile;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Capacity;
import org.headwise.schedules.Cases;
import org.headwise.schedules.Method;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.Selector;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BaselinesTest {
    /** Baselines look at the geometry alone. */
    abstract static class Baseline extends MethodContract {
        private final Method method;

        Baseline(Method method) {
            this.method = method;
        }

        @Override
        Method method() {
            return method;
        }

        @Override
        Profile profile(Geometry geometry, Random random) {
            return empty(geometry);
        }

        @Override
        Map<String, String> lenient() {
            return Map.of();
        }
    }

    private static Profile empty(Geometry geometry) {
        return new Profile(geometry, Cases.PROVENANCE, 1, List.of());
    }

    @Nested
    class OfFull extends Baseline {
        OfFull() {
            super(new Full());
        }

        @Override
        double leastShare() {
            return 1;
        }
    }

    @Nested
    class OfUniform extends Baseline {
        OfUniform() {
            super(new Uniform());
        }

        @Override
        boolean plansRaster() {
            return false;
        }
    }

    @Nested
    class OfWindow extends Baseline {
        OfWindow() {
            super(new Window());
        }
    }

    @Nested
    class OfStreaming extends Baseline {
        OfStreaming() {
            super(new Streaming());
        }

        @Override
        Map<String, String> lenient() {
            return Map.of(Streaming.FIRST, "0");
        }

        @Override
        Map<String, String> lenientForRaster() {
            return Map.of(Streaming.SINK, "0");
        }
    }

    @Nested
    class OfSnapKv extends Baseline {
        OfSnapKv() {
            super(new SnapKv());
        }
    }

    @Nested
    class OfPyramidKv extends Baseline {
        OfPyramidKv() {
            super(new PyramidKv());
        }
    }

    @Nested
    class OfH2o extends Baseline {
        OfH2o() {
            super(new H2o());
        }
    }

    @Nested
    class OfRandomTokens extends Baseline {
        OfRandomTokens() {
            super(new RandomTokens());
        }
    }

    private static final Geometry SMALL = new Geometry(
            "infinity", 3, 2, 2, 4, List.of(new Grid(1, 1), new Grid(2, 2), new Grid(3, 3), new Grid(4, 4)));

    private static List<Rule> plan(Method method, String budget, Map<String, String> options) {
        return method.plan(empty(SMALL), Budget.parse(budget), options, Cases.PROVENANCE)
                .rules();
    }

    /** 14 tokens come in at the last scale: 8 of them are 4/7, and 1 + 4 + 9 exceed them after the third scale only. */
    @Test
    void uniformCutsOnlyWhereThereIsSomethingToCut() {
        List<Rule> rules = plan(new Window(), "57.15%", Map.of());
        Selector newest = new Selector.Recent(0);
        assertEquals(
                List.of(new Capacity(2, 0, 8, newest), new Capacity(2, 1, 8, newest), new Capacity(2, 2, 8, newest)),
                rules);
    }

    @Test
    void streamingNamesTheSmallestBudgetOfItsFirstScales() {
        assertEquals(
                new Capacity(1, 0, 4, new Selector.Recent(1)),
                plan(new Streaming(), "30%", Map.of("first", "1")).getFirst());
        String message = assertThrows(InputRefused.class, () -> plan(new Streaming(), "30%", Map.of()))
                .getMessage();
        assertTrue(message.contains("smallest feasible budget is 0.357142857143"), message);
        assertEquals(
                new Selector.Recent(5),
                ((Capacity) plan(new Streaming(), "0.357142857143", Map.of()).getFirst()).selector());
    }

    @ParameterizedTest
    @CsvSource({
        "4,100,16,20,1000",
        "4,100,16,20,120",
        "32,642,16,20,6425",
        "1,50,16,20,100",
        "3,14,5,20,14",
        "5,0,0,20,9"
    })
    void pyramidFallsEvenlyAndSpendsItAll(int layers, int mean, int window, double beta, int most) {
        int[] tokens = PyramidKv.capacities(layers, mean, window, beta, most);
        long all = Arrays.stream(tokens).asLongStream().sum();
        assertEquals((long) layers * mean, all, Arrays.toString(tokens));
        for (int layer = 1; layer < layers; layer++) {
            assertTrue(tokens[layer] <= tokens[layer - 1], Arrays.toString(tokens));
        }
        assertTrue(Arrays.stream(tokens).allMatch(held -> held >= window && held <= most), Arrays.toString(tokens));
    }

    /** By hand: mean 100, window 16: 84/20 = 4.2 for the last, 163.8 for the first, and 53.2 between neighbours. */
    @Test
    void pyramidByHand() {
        // 179.8, 126.6, 73.4 and 20.2, rounded down, and the two tokens left over.
        assertEquals(
                List.of(180, 127, 73, 20),
                Arrays.stream(PyramidKv.capacities(4, 100, 16, 20, 1000))
                        .boxed()
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({"window,0", "window,x", "kernel,4", "kernel,0", "pooling,mean", "window,-1"})
    void nonsenseOptionsAreRefused(String name, String value) {
        for (Method method : List.of(new SnapKv(), new Uniform(), new PyramidKv())) {
            String message = assertThrows(InputRefused.class, () -> plan(method, "50%", Map.of(name, value)))
                    .getMessage();
            assertTrue(message.contains("option " + name + " is " + value), message);
        }
    }

    @Test
    void h2oKeepsHalfOfItsTokensForTheNewest() {
        assertEquals(
                new Capacity(2, 0, 8, new Selector.HeavyHitters(4)),
                plan(new H2o(), "57.15%", Map.of()).getFirst());
        assertEquals(
                new Capacity(2, 0, 8, new Selector.HeavyHitters(2)),
                plan(new H2o(), "57.15%", Map.of("recent", "0.25")).getFirst());
        assertThrows(InputRefused.class, () -> plan(new H2o(), "50%", Map.of("recent", "1.5")));
    }

    @Test
    void seedsAndScalesAreChecked() {
        assertThrows(InputRefused.class, () -> plan(new RandomTokens(), "50%", Map.of("seed", "1.5")));
        assertThrows(InputRefused.class, () -> plan(new Streaming(), "50%", Map.of("first", "4")));
        assertThrows(InputRefused.class, () -> plan(new Full(), "99%", Map.of()));
        Schedule one =
                new RandomTokens().plan(empty(SMALL), Budget.parse("50%"), Map.of("seed", "-7"), Cases.PROVENANCE);
        assertEquals(new Selector.Chance(-7), ((Capacity) one.rules().getFirst()).selector());
    }
}
