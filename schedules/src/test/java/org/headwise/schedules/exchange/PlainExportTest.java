package org.headwise.schedules.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.schedules.Capacity;
import org.headwise.schedules.Cases;
import org.headwise.schedules.EvictScale;
import org.headwise.schedules.RandomCapacities;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.Selector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainExportTest {
    @TempDir
    Path folder;

    @Test
    void csvHasARowPerUnitAndTheRulesInThem() throws Exception {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            Geometry g = Cases.randomGeometry(random);
            Schedule schedule = Cases.randomSchedule(g, random);
            Path file = folder.resolve("schedule.csv");
            ScheduleExporter.named("csv").write(schedule, file);
            List<String> lines = Files.readAllLines(file);
            assertEquals("source,layer,kv_head,tokens,after_step,after_layer", lines.getFirst());
            assertEquals(1 + (g.steps().size() - 1) * g.layers() * g.kvHeads(), lines.size());
            List<Rule> rules = new ArrayList<>();
            for (String line : lines.subList(1, lines.size())) {
                String[] cells = line.split(",", -1);
                assertEquals(g.tokens(Integer.parseInt(cells[0])), Integer.parseInt(cells[3]));
                if (!cells[4].isEmpty()) {
                    rules.add(new EvictScale(
                            Integer.parseInt(cells[0]),
                            Integer.parseInt(cells[1]),
                            Integer.parseInt(cells[2]),
                            Integer.parseInt(cells[4]),
                            Integer.parseInt(cells[5])));
                }
            }
            rules.sort(Rule.ORDER);
            assertEquals(schedule.rules(), rules, "seed " + seed);
        }
    }

    @Test
    void capacitiesAreATableOfTheirOwnAndNoMask() throws Exception {
        Geometry g = new Geometry("x", 2, 2, 2, 4, List.of(new Grid(1, 1), new Grid(2, 2), new Grid(3, 3)));
        Schedule schedule = RandomCapacities.of(
                g,
                List.of(
                        new Capacity(1, 0, 3, new Selector.Recent(1)),
                        new Capacity(0, 1, 0, new Selector.Chance(2)),
                        new Capacity(1, 1, 4, new Selector.Chance(2))));
        Path file = folder.resolve("schedule.csv");
        ScheduleExporter.named("csv").write(schedule, file);
        assertEquals(List.of("step,layer,tokens", "0,1,0", "1,0,3", "1,1,4"), Files.readAllLines(file));
        String message = assertThrows(
                        InputRefused.class,
                        () -> ScheduleExporter.named("safetensors-mask").write(schedule, folder.resolve("m")))
                .getMessage();
        assertTrue(message.contains("chooses tokens while it runs"), message);
    }

    @Test
    void capacitiesOfSingleHeadsAreARowEach() throws Exception {
        Geometry g = new Geometry("x", 2, 2, 2, 4, List.of(new Grid(1, 1), new Grid(2, 2), new Grid(3, 3)));
        Schedule schedule = RandomCapacities.of(
                g,
                List.of(
                        new Capacity(1, 0, 1, 3, new Selector.Recent(1)),
                        new Capacity(1, 1, 4, new Selector.Chance(2)),
                        new Capacity(0, 0, 1, 0, new Selector.Recent(1))));
        Path file = folder.resolve("schedule.csv");
        ScheduleExporter.named("csv").write(schedule, file);
        assertEquals(
                List.of("step,layer,kv_head,tokens", "0,0,1,0", "1,0,1,3", "1,1,0,4", "1,1,1,4"),
                Files.readAllLines(file));
        String message = assertThrows(
                        InputRefused.class,
                        () -> ScheduleExporter.named("scalekv-budget").write(schedule, folder.resolve("b")))
                .getMessage();
        assertTrue(message.contains("limits single kv heads"), message);
    }

    @Test
    void masksSayWhatIsVisible() {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            Geometry g = Cases.randomGeometry(random);
            Schedule schedule = Cases.randomSchedule(g, random);
            Path file = folder.resolve("mask.safetensors");
            ScheduleExporter.named("safetensors-mask").write(schedule, file);
            int steps = g.steps().size();
            TreeSet<List<Integer>> hidden = new TreeSet<>((a, b) -> a.toString().compareTo(b.toString()));
            schedule.rules().forEach(rule -> {
                EvictScale e = (EvictScale) rule;
                for (int t = 0; t < steps; t++) {
                    boolean gone = t > e.afterStep() || t == e.afterStep() && e.layer() > e.afterLayer();
                    if (gone) {
                        hidden.add(List.of(t, e.source(), e.layer(), e.kvHead()));
                    }
                }
            });
            try (Checkpoint checkpoint = Checkpoints.open(file)) {
                int[] visible = checkpoint
                        .get(MaskFile.VISIBLE)
                        .expect(steps, steps, g.layers(), g.kvHeads())
                        .toInts();
                int at = 0;
                for (int t = 0; t < steps; t++) {
                    for (int s = 0; s < steps; s++) {
                        for (int l = 0; l < g.layers(); l++) {
                            for (int h = 0; h < g.kvHeads(); h++) {
                                boolean expected = s <= t && !hidden.contains(List.of(t, s, l, h));
                                assertEquals(expected ? 1 : 0, visible[at++], "seed " + seed + " at " + t + " " + s);
                            }
                        }
                    }
                }
                assertEquals(g.fingerprint(), checkpoint.metadata().get("fingerprint"));
            }
        }
    }

    @Test
    void everyFormatSaysWhatItLoses() {
        for (ScheduleExporter exporter : ScheduleExporter.all()) {
            assertTrue(exporter.losses().startsWith("loses "), exporter.name());
            assertEquals(
                    exporter.name(), ScheduleExporter.named(exporter.name()).name());
        }
        assertTrue(HeatOrdersFile.losses().startsWith("loses "));
        assertThrows(InputRefused.class, () -> ScheduleExporter.named("xls"));
    }
}
