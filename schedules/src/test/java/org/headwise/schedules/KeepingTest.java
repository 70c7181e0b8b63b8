package org.headwise.schedules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KeepingTest {
    private static final Geometry RASTER = Geometry.raster("janus", 2, 6, 3, 4, new Grid(3, 4));
    private static final Keeping WINDOW = new Keeping.Newest(1, 4, true, false);
    private static final Keeping HEAVY = new Keeping.Heaviest(3, 2, false, true, 4);

    @Test
    void writtenAndReadAgain() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Schedule schedule = RandomKeepings.schedule(RandomKeepings.geometry(random), random);
            String text = Json.pretty(ScheduleJson.write(schedule));
            assertEquals(schedule, ScheduleJson.read(Json.parse(text, "written"), "written"), "seed " + seed);
        }
    }

    /** By counting: what is in a cache that shrinks to a number of tokens whenever its rule is carried out. */
    @Test
    void predictedLedgerIsThatOfCountedTokens() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Geometry geometry = RandomKeepings.geometry(random);
            Schedule schedule = RandomKeepings.schedule(geometry, random);
            int last = geometry.steps().size() - 1;
            int[][] held = new int[geometry.layers()][geometry.kvHeads()];
            List<Long> peaks = new ArrayList<>();
            List<Long> attended = new ArrayList<>();
            List<Long> ends = new ArrayList<>();
            for (int step = 0; step <= last; step++) {
                long peak = sum(held);
                long most = 0;
                for (int layer = 0; layer < geometry.layers(); layer++) {
                    for (int head = 0; head < geometry.kvHeads(); head++) {
                        held[layer][head] += geometry.tokens(step);
                    }
                    peak = Math.max(peak, sum(held));
                    for (int head = 0; head < geometry.kvHeads(); head++) {
                        held[layer][head] = step == last
                                ? held[layer][head] - geometry.tokens(step)
                                : cut(schedule, layer, head, step, geometry.promptTokens(), held[layer][head]);
                    }
                    most = Math.max(most, sum(held));
                }
                peaks.add(peak);
                attended.add(most);
                ends.add(sum(held));
            }
            assertEquals(
                    new TokenLedger(peaks, attended, ends),
                    schedule.predicted(geometry.promptTokens()),
                    "seed " + seed);
        }
    }

    private static int cut(Schedule schedule, int layer, int head, int step, int prompt, int held) {
        for (Rule rule : schedule.rules()) {
            if (rule instanceof HeadKeeps keeps && keeps.layer() == layer && keeps.kvHead() == head) {
                int aside = keeps.keeping().promptKept() ? prompt : 0;
                return switch (keeps.keeping()) {
                    case Keeping.Newest newest -> Math.min(held, Math.max(aside, newest.first()) + newest.tokens() - 1);
                    case Keeping.Heaviest heavy ->
                        step % heavy.refresh() != 0 ? held : Math.min(held, aside + heavy.best() + heavy.recent());
                    case Keeping.Observed observed ->
                        step % observed.refresh() != 0 ? held : Math.min(held, aside + observed.tokens());
                    case Keeping.Chance chance -> Math.min(held, aside + chance.tokens());
                };
            }
        }
        return held;
    }

    private static long sum(int[][] held) {
        long sum = 0;
        for (int[] heads : held) {
            for (int tokens : heads) {
                sum += tokens;
            }
        }
        return sum;
    }

    static Stream<Arguments> impossible() {
        Geometry scales = new Geometry("infinity", 2, 3, 3, 4, List.of(new Grid(1, 1), new Grid(2, 2)));
        return Stream.of(
                Arguments.of(scales, List.of(new HeadKeeps(0, 0, WINDOW)), "infinity is a next-scale model"),
                Arguments.of(RASTER, List.of(new EvictScale(0, 0, 0, 1, 0)), "janus is a raster model"),
                Arguments.of(RASTER, List.of(new HeadKeeps(2, 0, WINDOW)), "no such layer"),
                Arguments.of(RASTER, List.of(new HeadKeeps(0, 3, WINDOW)), "no such kv head"),
                Arguments.of(
                        RASTER,
                        List.of(new HeadKeeps(0, 1, WINDOW), new HeadKeeps(0, 1, HEAVY)),
                        "an earlier rule is for already"),
                one(new Keeping.Newest(-1, 4, true, false), "keeps -1 first tokens"),
                one(new Keeping.Newest(0, 0, true, false), "keeps 0 newest tokens"),
                one(new Keeping.Heaviest(-1, 1, true, false, 1), "keeps -1 best tokens"),
                one(new Keeping.Heaviest(1, Integer.MAX_VALUE, true, false, 1), "recent tokens"),
                one(new Keeping.Heaviest(1, 1, true, false, 0), "every 0 image tokens"),
                one(new Keeping.Observed(4, 0, 1, Pooling.MAX, true, 1), "empty observation window"),
                one(new Keeping.Observed(4, 5, 1, Pooling.MAX, true, 1), "observation window of 5"),
                one(new Keeping.Observed(4, 2, 2, Pooling.MAX, true, 1), "odd number"),
                one(new Keeping.Chance(-2, 1, true), "keeps -2 tokens"));
    }

    private static Arguments one(Keeping keeping, String reason) {
        return Arguments.of(RASTER, List.of(new HeadKeeps(1, 2, keeping)), reason);
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void impossibleRulesAreRefused(Geometry geometry, List<Rule> rules, String reason) {
        String message = assertThrows(InputRefused.class, () -> RandomKeepings.of(geometry, rules))
                .getMessage();
        assertTrue(message.contains(reason), message);
    }

    @Test
    void damagedRulesAreRefusedWithTheirPlace() {
        String good = Json.pretty(ScheduleJson.write(RandomKeepings.of(
                RASTER,
                List.of(new HeadKeeps(0, 0, WINDOW), new HeadKeeps(0, 1, WINDOW), new HeadKeeps(1, 0, HEAVY)))));
        for (String[] change : new String[][] {
            {"\"by\" : \"newest\"", "\"by\" : \"nicest\"", "/rules/0/keeping/by"},
            {"\"first\" : 1", "\"first\" : -1", "/rules/0/keeping/first"},
            {"\"renumbered\" : false", "\"renumbered\" : 0", "/rules/0/keeping/renumbered"},
            {"\"refresh\" : 4", "\"refresh\" : 4, \"often\" : 1", "/rules/1/keeping/often"},
            {"\"kv_heads\" ]", "\"heads\" ]", "/rules/0/columns"},
            {"\"head_keeps\"", "\"head_drops\"", "/rules/0/rule"},
        }) {
            assertTrue(good.contains(change[0]), change[0] + " is not in " + good);
            String bad = good.replaceFirst(java.util.regex.Pattern.quote(change[0]), change[1]);
            String message = assertThrows(
                            InputRefused.class, () -> ScheduleJson.read(Json.parse(bad, "f.json"), "f.json"))
                    .getMessage();
            assertTrue(message.contains("f.json at " + change[2]), message);
        }
    }
}
