package org.headwise.schedules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
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

class CapacityTest {
    private static final Geometry SQUARE =
            new Geometry("test", 2, 3, 3, 4, List.of(new Grid(1, 1), new Grid(2, 2), new Grid(3, 3), new Grid(4, 4)));
    private static final Selector RECENT = new Selector.Recent(0);
    private static final Selector RELEASED = new Selector.Released(1, 4, 5, Pooling.MAX, 12);

    @Test
    void writtenAndReadAgain() {
        for (long seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            Schedule schedule = RandomCapacities.schedule(Cases.randomGeometry(random), random);
            String text = Json.pretty(ScheduleJson.write(schedule));
            assertEquals(schedule, ScheduleJson.read(Json.parse(text, "written"), "written"), "seed " + seed);
        }
        Schedule released = RandomCapacities.of(SQUARE, capacities(RELEASED, 3, 2));
        String text = Json.pretty(ScheduleJson.write(released));
        assertEquals(released, ScheduleJson.read(Json.parse(text, "written"), "written"));
    }

    /** Token by token, as a list per kv head, in the order in which a generation goes. */
    @Test
    void predictedLedgerIsThatOfAListOfTokens() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Geometry geometry = Cases.randomGeometry(random);
            Schedule schedule = RandomCapacities.schedule(geometry, random);
            int last = geometry.steps().size() - 1;
            List<List<Integer>> heads = new ArrayList<>();
            for (int i = 0; i < geometry.layers() * geometry.kvHeads(); i++) {
                heads.add(new ArrayList<>());
            }
            List<Long> peaks = new ArrayList<>();
            List<Long> attended = new ArrayList<>();
            List<Long> ends = new ArrayList<>();
            for (int step = 0; step <= last; step++) {
                long peak = count(heads);
                long most = 0;
                for (int layer = 0; layer < geometry.layers(); layer++) {
                    for (int head = 0; head < geometry.kvHeads(); head++) {
                        List<Integer> held = heads.get(layer * geometry.kvHeads() + head);
                        for (int token = 0; token < geometry.tokens(step); token++) {
                            held.add(step);
                        }
                    }
                    peak = Math.max(peak, count(heads));
                    for (int head = 0; head < geometry.kvHeads(); head++) {
                        cut(schedule, step, layer, head, heads.get(layer * geometry.kvHeads() + head), last);
                    }
                    most = Math.max(most, count(heads));
                }
                peaks.add(peak);
                attended.add(most);
                ends.add(count(heads));
            }
            assertEquals(new TokenLedger(peaks, attended, ends), schedule.predicted(), "seed " + seed);
        }
    }

    private static void cut(Schedule schedule, int step, int layer, int head, List<Integer> held, int last) {
        if (step == last) {
            held.removeIf(source -> source == last);
        }
        for (Rule rule : schedule.rules()) {
            boolean limited = rule instanceof Capacity c
                    && c.step() == step
                    && c.layer() == layer
                    && (c.kvHead() == Capacity.EVERY || c.kvHead() == head);
            if (limited && rule instanceof Capacity c) {
                while (held.size() > c.tokens()) {
                    held.removeFirst();
                }
            }
            if (rule instanceof EvictScale e && e.afterStep() == step && e.layer() == layer && e.kvHead() == head) {
                held.removeIf(source -> source == e.source());
            }
        }
    }

    private static long count(List<List<Integer>> heads) {
        return heads.stream().mapToLong(List::size).sum();
    }

    @Test
    void theReleasedSelectionStartsBeyondItsBaseAndThenCutsToTheCapacity() {
        // 1, 5, then 14 cut to 6 and 6, or to 2 and 2; the last 16 tokens are held in their own layer only.
        Selector base5 = new Selector.Released(1, 5, 5, Pooling.MAX, 12);
        List<Rule> rules = new ArrayList<>(capacities(base5, 6, 2));
        assertEquals(
                List.of(6L, 30L, 24L, 24L),
                RandomCapacities.of(SQUARE, rules).predicted().end());
        Selector base4 = new Selector.Released(1, 4, 5, Pooling.MAX, 12);
        assertEquals(
                List.of(6L, 3L * (5 + 2), 24L, 24L),
                RandomCapacities.of(SQUARE, capacities(base4, 6, 2)).predicted().end());
    }

    /** For steps 0 to 2: {@code a} tokens in layer 0, {@code b} in layer 1, but the other way round at step 2. */
    private static List<Rule> capacities(Selector selector, int a, int b) {
        List<Rule> rules = new ArrayList<>();
        for (int step = 0; step < 3; step++) {
            rules.add(new Capacity(step, 0, step == 2 ? b : a, selector));
            rules.add(new Capacity(step, 1, step == 2 ? a : b, selector));
        }
        return rules;
    }

    static Stream<Arguments> impossible() {
        Geometry wide = new Geometry("test", 2, 3, 3, 4, List.of(new Grid(1, 1), new Grid(2, 3), new Grid(4, 4)));
        Geometry shared = new Geometry("test", 2, 4, 2, 4, SQUARE.steps());
        Geometry raster = Geometry.raster("janus", 2, 3, 3, 4, new Grid(3, 3));
        return Stream.of(
                Arguments.of(raster, one(new Capacity(1, 0, 2, RECENT)), "is a raster model"),
                Arguments.of(SQUARE, one(new Capacity(3, 0, 2, RECENT)), "the last step"),
                Arguments.of(SQUARE, one(new Capacity(-1, 0, 2, RECENT)), "no such step"),
                Arguments.of(SQUARE, one(new Capacity(0, 2, 2, RECENT)), "no such layer"),
                Arguments.of(SQUARE, one(new Capacity(0, 0, -1, RECENT)), "fewer than no tokens"),
                Arguments.of(SQUARE, one(new Capacity(0, 0, 1, new Selector.Recent(-1))), "first tokens"),
                Arguments.of(
                        SQUARE,
                        List.of(new Capacity(0, 0, 1, RECENT), new Capacity(0, 0, 2, RECENT)),
                        "limits already"),
                Arguments.of(
                        SQUARE,
                        List.of(new Capacity(0, 0, 1, RECENT), new Capacity(1, 0, 2, new Selector.Chance(1))),
                        "another selector"),
                Arguments.of(
                        SQUARE,
                        List.of(new Capacity(0, 0, 1, RECENT), new EvictScale(1, 0, 0, 1, 0)),
                        "one or the other"),
                Arguments.of(
                        SQUARE,
                        one(new Capacity(0, 0, 1, new Selector.Observed(Placement.NEWEST, 0, 5, Pooling.MAX))),
                        "empty observation window"),
                Arguments.of(
                        SQUARE,
                        one(new Capacity(0, 0, 1, new Selector.Observed(Placement.NEWEST, 4, 4, Pooling.MAX))),
                        "odd number"),
                Arguments.of(SQUARE, one(new Capacity(0, 0, 3, 2, RECENT)), "no such kv head"),
                Arguments.of(SQUARE, one(new Capacity(0, 0, -2, 2, RECENT)), "no such kv head"),
                Arguments.of(
                        SQUARE,
                        List.of(new Capacity(0, 0, 1, 1, RECENT), new Capacity(0, 0, 1, 2, RECENT)),
                        "limits already"),
                Arguments.of(
                        SQUARE,
                        List.of(new Capacity(0, 0, 1, 1, RECENT), new Capacity(1, 0, 2, RECENT)),
                        "one of the two in a layer"),
                Arguments.of(
                        SQUARE,
                        List.of(new Capacity(1, 0, 2, RECENT), new Capacity(0, 0, 1, 1, RECENT)),
                        "one of the two in a layer"),
                Arguments.of(
                        SQUARE,
                        List.of(new Capacity(0, 0, 1, 1, RECENT), new Capacity(1, 0, 1, 2, new Selector.Chance(1))),
                        "another selector than an earlier rule of its kv head"),
                Arguments.of(
                        SQUARE,
                        List.of(new Capacity(0, 0, 1, 1, RECENT), new EvictScale(1, 0, 0, 1, 0)),
                        "one or the other"),
                Arguments.of(SQUARE, one(new Capacity(1, 0, 1, 3, RELEASED)), "knows layers only"),
                Arguments.of(
                        SQUARE,
                        one(new Capacity(0, 0, 1, new Selector.Sampled(Placement.NEWEST, 0, 0, true))),
                        "asks no query"),
                Arguments.of(
                        SQUARE,
                        one(new Capacity(0, 0, 3, new Selector.Released(4, 10, 5, Pooling.MAX, 12))),
                        "window of 4"),
                Arguments.of(SQUARE, one(new Capacity(1, 0, 3, RELEASED)), "has no capacity there"),
                Arguments.of(wide, one(new Capacity(1, 0, 3, RELEASED)), "square grids only"),
                Arguments.of(shared, one(new Capacity(1, 0, 3, RELEASED)), "shared kv heads"));
    }

    @Test
    void fileVersionIsTheOldestThatCanSayIt() {
        Selector traits =
                new Selector.Observed(Placement.PATCHES, 4, 5, Pooling.MAX, java.util.Set.of(ReleasedTrait.RAW_SCORES));
        for (Rule rule : List.of(
                new Capacity(1, 0, 2, 3, RECENT),
                new Capacity(1, 0, 3, new Selector.Sampled(Placement.NEWEST, 2, 1, true)),
                new Capacity(1, 0, 3, traits))) {
            Schedule schedule = RandomCapacities.of(SQUARE, one(rule));
            String text = Json.pretty(ScheduleJson.write(schedule));
            assertEquals(schedule, ScheduleJson.read(Json.parse(text, "f.json"), "f.json"));
            assertTrue(text.contains("\"version\" : 2"), text);
            String old = text.replace("\"version\" : 2", "\"version\" : 1");
            String message = assertThrows(
                            InputRefused.class, () -> ScheduleJson.read(Json.parse(old, "f.json"), "f.json"))
                    .getMessage();
            assertTrue(message.contains("f.json at /version: version 1 has no such rules"), message);
        }
        String layers =
                Json.pretty(ScheduleJson.write(RandomCapacities.of(SQUARE, one(new Capacity(1, 0, 3, RECENT)))));
        assertTrue(layers.contains("\"version\" : 1"), layers);
    }

    @Test
    void damagedCapacitiesOfHeadsAreRefusedWithTheirPlace() {
        Selector sampled = new Selector.Sampled(Placement.PATCHES, 4, 1, true);
        String good = Json.line(ScheduleJson.write(RandomCapacities.of(
                SQUARE, List.of(new Capacity(1, 0, 0, 3, sampled), new Capacity(1, 0, 2, 3, sampled)))));
        for (String[] change : new String[][] {
            {"[[1,0,[0,2],3]]", "[[1,0,[],3]]", "/rules/0/rows/0"},
            {"[[1,0,[0,2],3]]", "[[1,0,0,3]]", "/rules/0/rows/0"},
            {"[[1,0,[0,2],3]]", "[[1,0,[0,-1],3]]", "/rules/0/rows/0/2/1"},
            {"[[1,0,[0,2],3]]", "[[1,0,[0,2],3.5]]", "/rules/0/rows/0/3"},
            {"[[1,0,[0,2],3]]", "[[1,0,[0,2]]]", "/rules/0/rows/0"},
            {"\"newest\":true", "\"newest\":1", "/rules/0/selector/newest"},
            {"\"queries\":4", "\"queries\":0", "/rules"},
        }) {
            assertTrue(good.contains(change[0]), good);
            String bad = good.replace(change[0], change[1]);
            String message = assertThrows(
                            InputRefused.class, () -> ScheduleJson.read(Json.parse(bad, "f.json"), "f.json"))
                    .getMessage();
            assertTrue(message.contains("f.json at " + change[2]), message);
        }
    }

    private static List<Rule> one(Rule rule) {
        return List.of(rule);
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void impossibleCapacitiesAreRefused(Geometry geometry, List<Rule> rules, String reason) {
        String message = assertThrows(InputRefused.class, () -> RandomCapacities.of(geometry, rules))
                .getMessage();
        assertTrue(message.contains(reason), message);
    }

    @Test
    void damagedCapacitiesAreRefusedWithTheirPlace() {
        String good = Json.pretty(ScheduleJson.write(RandomCapacities.of(SQUARE, capacities(RECENT, 3, 2))));
        for (String[] change : new String[][] {
            {"\"by\" : \"recent\"", "\"by\" : \"luck\"", "/rules/0/selector/by"},
            {"\"first\" : 0", "\"first\" : -1", "/rules/0/selector/first"},
            {"\"first\" : 0", "\"first\" : 0, \"last\" : 1", "/rules/0/selector/last"},
            {"\"tokens\"", "\"keys\"", "/rules/0/columns"},
            {"\"capacity\"", "\"ceiling\"", "/rules/0/rule"},
        }) {
            assertTrue(good.contains(change[0]), good);
            String bad = good.replaceFirst(java.util.regex.Pattern.quote(change[0]), change[1]);
            String message = assertThrows(
                            InputRefused.class, () -> ScheduleJson.read(Json.parse(bad, "f.json"), "f.json"))
                    .getMessage();
            assertTrue(message.contains("f.json at " + change[2]), message);
        }
        assertTrue(Arrays.stream(good.split("\n")).noneMatch(line -> line.contains("evict_scale")), good);
    }
}
