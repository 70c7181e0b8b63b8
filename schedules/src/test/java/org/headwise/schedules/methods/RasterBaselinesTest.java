package org.headwise.schedules.methods;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.headwise.analysis.Profile;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Cases;
import org.headwise.schedules.HeadKeeps;
import org.headwise.schedules.Keeping;
import org.headwise.schedules.Methods;
import org.headwise.schedules.Pooling;
import org.headwise.schedules.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the baselines keep of raster models. */
class RasterBaselinesTest {
    /** 10 x 10 tokens, so that a percent is a token. */
    private static final Geometry IMAGE = Geometry.raster("llamagen", 4, 2, 2, 4, new Grid(10, 10));

    private static final Geometry SCALES =
            new Geometry("infinity", 4, 2, 2, 4, List.of(new Grid(1, 1), new Grid(4, 4), new Grid(6, 6)));

    private static List<Keeping> plan(Geometry geometry, String method, String budget, Map<String, String> options) {
        List<Rule> rules = Methods.named(method)
                .plan(
                        new Profile(geometry, Cases.PROVENANCE, 1, List.of()),
                        Budget.parse(budget),
                        options,
                        Cases.PROVENANCE)
                .rules();
        return rules.stream().map(rule -> ((HeadKeeps) rule).keeping()).toList();
    }

    /** What all heads of the image keep alike. */
    private static Keeping plan(String method, String budget, Map<String, String> options) {
        List<Keeping> keepings = plan(IMAGE, method, budget, options);
        assertEquals(8, keepings.size());
        assertEquals(1, keepings.stream().distinct().count());
        return keepings.getFirst();
    }

    /** A step sees its own token too, which stays with those that the budget allows only from then on. */
    @Test
    void windowAndStreamingKeepTheNewest() {
        assertEquals(new Keeping.Newest(0, 21, true, false), plan("window", "20%", Map.of()));
        assertEquals(new Keeping.Newest(0, 21, false, false), plan("window", "20%", Map.of("prompt", "competing")));
        assertEquals(new Keeping.Newest(4, 17, false, false), plan("streaming", "20%", Map.of()));
        assertEquals(
                new Keeping.Newest(2, 19, false, true),
                plan("streaming", "20%", Map.of("sink", "2", "positions", "renumbered")));
        assertEquals(new Keeping.Newest(0, 21, true, false), plan("streaming", "20%", Map.of("prompt", "kept")));
    }

    @Test
    void choosersKeepWhatTheBudgetAllows() {
        assertEquals(new Keeping.Heaviest(10, 10, true, false, 1), plan("h2o", "20%", Map.of()));
        assertEquals(
                new Keeping.Heaviest(16, 5, false, true, 1),
                plan("h2o", "21%", Map.of("recent", "0.25", "prompt", "competing", "rows", "paired")));
        assertEquals(new Keeping.Heaviest(6, 5, true, false, 10), plan("h2o", "20%", Map.of("refresh", "row")));
        assertEquals(new Keeping.Chance(20, -3, true), plan("random", "20%", Map.of("seed", "-3")));
        assertEquals(new Keeping.Observed(20, 16, 5, Pooling.AVERAGE, true, 1), plan("snapkv", "20%", Map.of()));
        assertEquals(
                new Keeping.Observed(11, 11, 3, Pooling.MAX, false, 10),
                plan(
                        "snapkv",
                        "20%",
                        Map.of("refresh", "row", "kernel", "3", "pooling", "max", "prompt", "competing")));
    }

    /** By hand: mean 20, window 4: 16/20 = 0.8 for the last, 31.2 for the first, 10.133 between neighbours. */
    @Test
    void pyramidFallsFromLayerToLayer() {
        List<Keeping> keepings = plan(IMAGE, "pyramidkv", "20%", Map.of("window", "4"));
        List<Integer> tokens = keepings.stream()
                .map(keeping -> ((Keeping.Observed) keeping).tokens())
                .toList();
        // 35.2, 25.07, 14.93 and 4.8, rounded down, and the two left over.
        assertEquals(List.of(36, 36, 26, 26, 14, 14, 4, 4), tokens);
        assertTrue(keepings.stream().allMatch(keeping -> ((Keeping.Observed) keeping).window() == 4));
    }

    @ParameterizedTest
    @CsvSource({
        "streaming,4%,sink,4,'leaves 4 of 100 image tokens a kv head, fewer than the 5 of the sink and a window;"
                + " the smallest feasible budget is 0.045'",
        "streaming,20%,first,1,not for raster models",
        "window,0.4%,prompt,kept,the smallest feasible budget is 0.005",
        "h2o,9%,refresh,row,fewer than the 10 made from one choice to the next",
        "h2o,20%,rows,odd,expected single or paired",
        "snapkv,20%,refresh,often,'expected token, row or'",
        "pyramidkv,9%,refresh,row,the smallest feasible budget is 0.095",
        "random,20%,prompt,gone,expected kept or competing",
        "streaming,20%,positions,odd,expected absolute or renumbered"
    })
    void whatCannotBeIsRefused(String method, String budget, String option, String value, String said) {
        String message = assertThrows(InputRefused.class, () -> plan(IMAGE, method, budget, Map.of(option, value)))
                .getMessage();
        assertTrue(message.contains(said), message);
    }

    @ParameterizedTest
    @CsvSource({
        "window,prompt,kept",
        "streaming,sink,3",
        "streaming,positions,renumbered",
        "h2o,rows,paired",
        "h2o,refresh,row",
        "snapkv,refresh,row",
        "pyramidkv,prompt,competing",
        "random,prompt,kept"
    })
    void optionsOfRasterModelsMeanNothingToScales(String method, String option, String value) {
        String message = assertThrows(InputRefused.class, () -> plan(SCALES, method, "50%", Map.of(option, value)))
                .getMessage();
        assertTrue(message.contains("option " + option) && message.contains("next-scale"), message);
    }
}
