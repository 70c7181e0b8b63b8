package org.headwise.schedules.methods;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.headwise.analysis.Profile;
import org.headwise.analysis.Sparsity;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Cases;
import org.headwise.schedules.HeadKeeps;
import org.headwise.schedules.Keeping;
import org.headwise.schedules.Method;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SsdTest extends MethodContract {
    /** 10 x 10 tokens, so that a percent is a token. */
    private static final Geometry IMAGE = Geometry.raster("janus", 2, 2, 2, 4, new Grid(10, 10));

    @Override
    Method method() {
        return new Ssd();
    }

    @Override
    Profile profile(Geometry geometry, Random random) {
        double[] prompt =
                random.doubles(2L * geometry.layers() * geometry.heads()).toArray();
        return profile(geometry, prompt);
    }

    /**
     * Every query spends so much on the prompt and the rest on the token above the one it predicts, so that this is its
     * score.
     *
     * @param prompt [layers, heads, guidance rows]
     */
    private static Profile profile(Geometry geometry, double... prompt) {
        Sparsity sparsity = new Sparsity(geometry);
        Arrays.fill(sparsity.sums().get("queries"), 1);
        System.arraycopy(prompt, 0, sparsity.sums().get("prompt"), 0, prompt.length);
        int pitch = 2 * geometry.raster().width() - 1;
        double[] offsets = sparsity.sums().get("offsets");
        int cell = offsets.length / prompt.length;
        for (int i = 0; i < prompt.length; i++) {
            // A row up from the token read, and a column to the right.
            offsets[i * cell + pitch + geometry.raster().width()] = 1 - prompt[i];
        }
        return new Profile(geometry, Cases.PROVENANCE, 1, List.of(sparsity));
    }

    @Override
    Map<String, String> lenient() {
        return Map.of();
    }

    @Override
    boolean plansScales() {
        return false;
    }

    /** Layer 0: 0.9, 0.1; layer 1: 0.8, 0.3; the unconditional rows the other way round. */
    private static final Profile FOUR = profile(IMAGE, 0.9, 0.1, 0.1, 0.9, 0.8, 0.2, 0.3, 0.7);

    private static List<Keeping> plan(Profile profile, String budget, Map<String, String> options) {
        Schedule schedule = new Ssd().plan(profile, Budget.parse(budget), options, Cases.PROVENANCE);
        List<Keeping> keepings = new ArrayList<>();
        for (Rule rule : schedule.rules()) {
            HeadKeeps head = (HeadKeeps) rule;
            assertEquals(keepings.size(), head.layer() * profile.geometry().kvHeads() + head.kvHead());
            keepings.add(head.keeping());
        }
        return keepings;
    }

    private static Keeping spatial(int window) {
        return new Keeping.Newest(0, window + 1, true, false);
    }

    private static Keeping semantic(int best) {
        return new Keeping.Heaviest(best - 1, 1, true, false, 1);
    }

    @Test
    void halfOfTheHeadsAreSpatialAndAllKeepTheSameNumber() {
        assertEquals(List.of(semantic(20), spatial(20), semantic(20), spatial(20)), plan(FOUR, "20%", Map.of()));
        for (Keeping keeping : plan(FOUR, "20%", Map.of())) {
            assertEquals(20 + 7, keeping.held(7, 60));
        }
    }

    @Test
    void headsAreToldApartAsAsked() {
        Keeping local = spatial(20);
        Keeping wide = semantic(20);
        assertEquals(List.of(wide, local, local, local), plan(FOUR, "20%", Map.of("spatial", "0.75")));
        assertEquals(List.of(wide, wide, wide, wide), plan(FOUR, "20%", Map.of("spatial", "0")));
        assertEquals(
                List.of(wide, local, wide, wide), plan(FOUR, "20%", Map.of("split", "threshold", "threshold", "0.2")));
        assertEquals(List.of(local, wide, local, wide), plan(FOUR, "20%", Map.of("guidance", "unconditional")));
        // Means of 0.5 each: those of lower layers and heads are spatial.
        assertEquals(List.of(local, local, wide, wide), plan(FOUR, "20%", Map.of("guidance", "mean")));
        // Nothing is near: all are the same.
        assertEquals(
                List.of(wide, wide, wide, wide),
                plan(FOUR, "20%", Map.of("split", "threshold", "threshold", "0.99", "near", "0x0")));
        // Of the image alone, everything is near.
        assertEquals(
                List.of(local, local, local, local),
                plan(FOUR, "20%", Map.of("split", "threshold", "threshold", "0.01", "mass", "image")));
    }

    @Test
    void aWindowLeavesTheRestToSemanticHeads() {
        assertEquals(
                List.of(semantic(28), spatial(12), semantic(28), spatial(12)), plan(FOUR, "20%", Map.of("w", "12")));
        assertEquals(
                List.of(semantic(30), spatial(10), semantic(30), spatial(10)), plan(FOUR, "20%", Map.of("m", "30")));
        assertEquals(
                List.of(semantic(30), spatial(10), semantic(30), spatial(10)),
                plan(FOUR, "20%", Map.of("split", "budget", "w", "10", "m", "30")));
        assertEquals(
                List.of(semantic(40), spatial(10), spatial(10), spatial(10)),
                plan(FOUR, "20%", Map.of("split", "budget", "w", "10", "m", "40")));
    }

    @Test
    void theBufferedVariantCountsItsBuffer() {
        Keeping buffered = new Keeping.Heaviest(10, 1, true, false, 10);
        assertEquals(buffered, plan(FOUR, "20%", Map.of("refresh", "row")).getFirst());
        assertEquals(buffered, plan(FOUR, "20%", Map.of("refresh", "10")).getFirst());
        // 11 are chosen after a row; nine more come until the next.
        assertEquals(20 + 7, buffered.held(7, 59));
        assertEquals(11 + 7, buffered.held(7, 60));
        assertEquals(
                new Keeping.Heaviest(19, 1, false, true, 1),
                plan(FOUR, "20%", Map.of("rows", "paired", "prompt", "competing"))
                        .getFirst());
    }

    @Test
    void kvHeadsHaveTheMeanOfTheirQueryHeads() {
        Geometry shared = Geometry.raster("janus", 1, 4, 2, 4, new Grid(10, 10));
        Profile profile = profile(shared, 0.9, 0, 0, 0, 0.6, 0, 0.5, 0);
        assertEquals(List.of(spatial(20), semantic(20)), plan(profile, "20%", Map.of()));
    }

    @Test
    void aProfileWithoutTheScoreIsRefused() {
        Profile empty = new Profile(IMAGE, Cases.PROVENANCE, 1, List.of());
        String missing = assertThrows(InputRefused.class, () -> plan(empty, "20%", Map.of()))
                .getMessage();
        assertTrue(missing.contains("Sparsity"), missing);
        Profile unseen = new Profile(IMAGE, Cases.PROVENANCE, 1, List.of(new Sparsity(IMAGE)));
        String message = assertThrows(InputRefused.class, () -> plan(unseen, "20%", Map.of()))
                .getMessage();
        assertTrue(message.contains("sparsity score in conditional rows of layer 0 head 0 is NaN"), message);
    }

    @ParameterizedTest
    @CsvSource({
        "20%,spatial,1.5,expected a number from 0.0 to 1.0",
        "20%,split,luck,expected share or threshold or budget",
        "20%,near,1,is no neighbourhood",
        "20%,mass,half,expected all or image",
        "20%,score,charm,expected sparsity or window",
        "20%,score,window,the run has no statistic Recency",
        "20%,guidance,both,expected conditional or unconditional or mean",
        "20%,w,0,expected a whole number from 1 to 100",
        "20%,w,101,expected a whole number from 1 to 100",
        "20%,m,many,expected a whole number from 1 to 100",
        "20%,refresh,0,expected a whole number from 1 to 100",
        "20%,refresh,column,'expected token, row or a whole number'",
        "20%,refresh,21,'fewer than the 21 made from one choice to the next'",
        "20%,prompt,lost,expected kept or competing",
        "20%,rows,both,expected single or paired",
        "20%,split,budget,needs options w and m",
        "20%,w,40,leaves less than one token for each of the 2 semantic heads",
        "0.1%,spatial,0.5,the smallest feasible budget is 0.005"
    })
    void nonsenseIsRefused(String budget, String option, String value, String said) {
        String message = assertThrows(InputRefused.class, () -> plan(FOUR, budget, Map.of(option, value)))
                .getMessage();
        assertTrue(message.contains(said), message);
    }
}
