package org.headwise.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.headwise.calibrate.CombinedObserver;
import org.headwise.calibrate.Sums;
import org.headwise.files.InputRefused;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.junit.jupiter.api.Test;

class PromptProfilesTest {
    private static final Geometry GEOMETRY = RandomAttention.SMALL;

    /** Profiles of prompts drawn at random, one seed each. */
    static PromptProfiles random(List<String> names, long... seeds) {
        List<Map<String, Sums>> byPrompt = new ArrayList<>();
        List<Statistic> whole = Statistics.named(GEOMETRY, names);
        for (long seed : seeds) {
            List<Statistic> one = Statistics.named(GEOMETRY, names);
            RandomAttention.of(GEOMETRY, seed).feed(new CombinedObserver(List.copyOf(one)), 4, 0);
            Map<String, Sums> sums = new TreeMap<>();
            for (int i = 0; i < one.size(); i++) {
                sums.put(one.get(i).name(), one.get(i).sums());
                whole.get(i).sums().add(one.get(i).sums());
            }
            byPrompt.add(sums);
        }
        Provenance provenance = new Provenance("test", List.of(), new TreeMap<>(), List.of(), Map.of());
        List<String> prompts = new ArrayList<>();
        for (long seed : seeds) {
            prompts.add("prompt of seed " + seed);
        }
        return PromptProfiles.of(
                new Profile(GEOMETRY, provenance, seeds.length, whole),
                prompts,
                (p, statistic) -> byPrompt.get(p).get(statistic));
    }

    static final List<String> ALL =
            Statistics.all(GEOMETRY).stream().map(Statistic::name).toList();

    @Test
    void aSubsetIsWhatThosePromptsAloneGive() {
        PromptProfiles three = random(ALL, 1, 2, 3);
        PromptProfiles two = random(ALL, 3, 1);
        Profile subset = three.subset(2, 0);
        assertEquals(2, subset.prompts());
        for (int i = 0; i < ALL.size(); i++) {
            StatisticContract.assertSame(
                    two.whole().statistics().get(i).sums(),
                    subset.statistics().get(i).sums(),
                    0);
        }
        assertEquals(two.prompts(), three.select(2, 0).prompts());
        assertArrayEquals(two.column("sinks.top_8")[1], three.select(2, 0).column("sinks.top_8")[1], 0);
    }

    @Test
    void drawnTwiceCountsTwice() {
        PromptProfiles run = random(List.of("scale-heat"), 4, 5);
        double[] once = run.subset(1).statistic(ScaleHeat.class).accumulated(0);
        double[] twice = run.subset(1, 1).statistic(ScaleHeat.class).accumulated(0);
        for (int i = 0; i < once.length; i++) {
            assertEquals(2 * once[i], twice[i]);
        }
    }

    @Test
    void valuesPromptByPromptAverageToTheWhole() {
        PromptProfiles run = random(ALL, 7, 8, 9);
        for (String column : List.of("scale-heat.scas_1", "sinks.first_token", "dispersion.entropy")) {
            double[] mean = Splits.mean(run.column(column), new int[] {0, 1, 2});
            assertArrayEquals(HeadTable.of(run.whole()).values(column), mean, 1e-12, column);
        }
    }

    @Test
    void refusesWhatIsNotThere() {
        PromptProfiles run = random(List.of("scale-heat"), 1);
        String message = assertThrows(InputRefused.class, () -> run.values(Sinks.class, s -> null))
                .getMessage();
        assertTrue(message.contains("Sinks") && message.contains("scale-heat"), message);
        assertThrows(InputRefused.class, () -> run.column("scale-heat.nothing"));
        assertThrows(IllegalArgumentException.class, run::subset);
    }
}
