package org.headwise.schedules.methods;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.headwise.analysis.ColumnVariance;
import org.headwise.analysis.Profile;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Capacity;
import org.headwise.schedules.Cases;
import org.headwise.schedules.Method;
import org.headwise.schedules.Placement;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.Selector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HackTest extends MethodContract {
    private static final Geometry SMALL = new Geometry(
            "infinity", 2, 4, 2, 4, List.of(new Grid(1, 1), new Grid(2, 2), new Grid(3, 3), new Grid(4, 4)));

    @Override
    Method method() {
        return new Hack();
    }

    @Override
    Profile profile(Geometry geometry, Random random) {
        return profile(
                geometry, random.doubles(geometry.layers() * geometry.heads()).toArray());
    }

    private static Profile profile(Geometry geometry, double... variance) {
        ColumnVariance statistic = new ColumnVariance(geometry);
        System.arraycopy(variance, 0, statistic.sums().get("squares"), 0, variance.length);
        Arrays.fill(statistic.sums().get("prompts"), 1);
        return new Profile(geometry, Cases.PROVENANCE, 1, List.of(statistic));
    }

    @Override
    boolean plansRaster() {
        return false;
    }

    @Override
    Map<String, String> lenient() {
        return Map.of();
    }

    /** Heads 0 and 1 share a kv head, and so on: means 0.4, 0.2, 0.6 and 0.3. */
    @Test
    void contextualHeadsAreThoseOfLeastVarianceOverAllLayers() {
        Profile profile = profile(SMALL, 0.1, 0.7, 0.2, 0.2, 0.6, 0.6, 0, 0.6);
        ColumnVariance variance = profile.statistic(ColumnVariance.class);
        assertEquals("{1}", Hack.contextual(SMALL, variance, 0.25).toString());
        assertEquals("{1, 3}", Hack.contextual(SMALL, variance, 0.5).toString());
        assertEquals("{0, 1, 3}", Hack.contextual(SMALL, variance, 0.75).toString());
        assertEquals("{}", Hack.contextual(SMALL, variance, 0).toString());
        // Equal ones: the first.
        ColumnVariance equal = profile(SMALL, 1, 1, 1, 1, 1, 1, 1, 1).statistic(ColumnVariance.class);
        assertEquals("{0, 1}", Hack.contextual(SMALL, equal, 0.5).toString());
    }

    /** 14 tokens come in; a budget of half is 7: with part 0.2 one token for a contextual head, 13 for a structural. */
    @Test
    void planByHand() {
        Profile profile = profile(SMALL, 0.1, 0.7, 0.2, 0.2, 0.6, 0.6, 0, 0.6);
        Schedule schedule =
                new Hack().plan(profile, Budget.parse("50%"), Map.of("initial", "3", "queries", "4"), Cases.PROVENANCE);
        Selector few = new Selector.Sampled(Placement.PATCHES, 4, 0, false);
        Selector many = new Selector.Sampled(Placement.PATCHES, 4, 3, true);
        assertEquals(
                List.of(
                        new Capacity(1, 0, 1, 1, few),
                        new Capacity(1, 1, 1, 1, few),
                        new Capacity(2, 0, 0, 13, many),
                        new Capacity(2, 0, 1, 1, few),
                        new Capacity(2, 1, 0, 13, many),
                        new Capacity(2, 1, 1, 1, few)),
                schedule.rules());
        assertEquals(
                List.of(4L, 2 * 5 + 2 * 1L, 2 * 13 + 2 * 1L, 28L),
                schedule.predicted().end());
    }

    /** The whole is spent but for less than a token a head, and nobody gets more than can be held. */
    @Test
    void everyShareSpendsTheBudget() {
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            int heads = 1 + random.nextInt(600);
            int contextual = random.nextInt(heads + 1);
            int most = 1 + random.nextInt(7000);
            int mean = random.nextInt(most + 1);
            double part = random.nextDouble();
            Hack.Share share = Hack.share(heads, contextual, mean, part, most);
            long spent = (long) contextual * share.contextual() + (long) (heads - contextual) * share.structural();
            String where = "seed " + seed + ": " + share;
            assertTrue(spent <= (long) heads * mean && spent > (long) heads * (mean - 1), where);
            assertTrue(share.contextual() <= most && share.structural() <= most, where);
            assertTrue(contextual == 0 || share.contextual() >= Math.floor(part * mean), where);
            assertTrue(contextual == 0 || contextual == heads || share.structural() >= share.contextual(), where);
        }
    }

    @Test
    void headsThatWereNotSeenCannotBeRanked() {
        Profile profile = profile(SMALL, 0, 0, 0, 0, 0, 0, 0, 0);
        profile.statistic(ColumnVariance.class).sums().get("prompts")[5] = 0;
        String message = assertThrows(
                        InputRefused.class,
                        () -> new Hack().plan(profile, Budget.parse("50%"), Map.of(), Cases.PROVENANCE))
                .getMessage();
        assertTrue(message.contains("layer 1, kv head 0 has no column variance"), message);
    }

    @ParameterizedTest
    @CsvSource({"alpha,2", "alpha,x", "contextual,-1", "queries,0", "initial,-1", "placement,middle"})
    void nonsenseOptionsAreRefused(String name, String value) {
        String message = assertThrows(
                        InputRefused.class,
                        () -> new Hack()
                                .plan(
                                        profile(SMALL, new Random(1)),
                                        Budget.parse("50%"),
                                        Map.of(name, value),
                                        Cases.PROVENANCE))
                .getMessage();
        assertTrue(message.contains("hack: option " + name + " is " + value), message);
    }

    /** A second reading of the equation B = alpha B_C + (1 - alpha) B_S, where all numbers come out whole. */
    @Test
    void meanOfAllHeadsIsTheBudget() {
        assertEquals(new Hack.Share(130, 1170), Hack.share(512, 256, 650, 0.2, 6425));
        assertEquals(new Hack.Share(0, 1300), Hack.share(512, 256, 650, 0, 6425));
        assertEquals(new Hack.Share(650, 0), Hack.share(512, 512, 650, 0.2, 6425));
        assertEquals(new Hack.Share(6425, 6425), Hack.share(512, 256, 6425, 0.2, 6425));
    }
}
