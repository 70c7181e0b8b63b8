package org.headwise.schedules.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Cases;
import org.headwise.schedules.HeadKeeps;
import org.headwise.schedules.Keeping;
import org.headwise.schedules.Pooling;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a raster model's schedule the formats can say. */
class RasterExportTest {
    @TempDir
    Path folder;

    private static Schedule random(Random random) {
        Geometry geometry = Geometry.raster("janus", 3, 4, 2, 4, new Grid(4, 5));
        List<Rule> rules = new ArrayList<>();
        for (int layer = 0; layer < 3; layer++) {
            for (int head = 0; head < 2; head++) {
                if (random.nextInt(5) > 0) {
                    rules.add(new HeadKeeps(layer, head, keeping(random)));
                }
            }
        }
        Budget budget = new Budget(0.5, Budget.Meaning.IMAGE_TOKENS);
        return new Schedule(geometry, "random", new TreeMap<>(), budget, rules, Cases.PROVENANCE);
    }

    private static Keeping keeping(Random random) {
        int tokens = 2 + random.nextInt(9);
        boolean flag = random.nextBoolean();
        return switch (random.nextInt(4)) {
            case 0 -> new Keeping.Newest(random.nextInt(4), tokens, flag, random.nextBoolean());
            case 1 ->
                new Keeping.Heaviest(random.nextInt(4), tokens, flag, random.nextBoolean(), 1 + random.nextInt(5));
            case 2 -> new Keeping.Observed(tokens, 2, 3, Pooling.MAX, flag, 1 + random.nextInt(5));
            default -> new Keeping.Chance(tokens, random.nextLong(), flag);
        };
    }

    @Test
    void csvSaysWhatEveryKvHeadKeeps() throws Exception {
        for (long seed = 0; seed < 30; seed++) {
            Schedule schedule = random(new Random(seed));
            Path file = folder.resolve("schedule.csv");
            ScheduleExporter.named("csv").write(schedule, file);
            List<String> lines = Files.readAllLines(file);
            List<String> names = Arrays.asList(lines.getFirst().split(","));
            List<Rule> rules = new ArrayList<>();
            for (String line : lines.subList(1, lines.size())) {
                List<String> cells = Arrays.asList(line.split(",", -1));
                assertEquals(names.size(), cells.size(), line);
                rules.add(read(names, cells));
            }
            assertEquals(schedule.rules(), rules, "seed " + seed);
        }
    }

    private static Rule read(List<String> names, List<String> cells) {
        TreeMap<String, String> row = new TreeMap<>();
        for (int i = 0; i < names.size(); i++) {
            row.put(names.get(i), cells.get(i));
        }
        boolean kept = Boolean.parseBoolean(row.get("prompt_kept"));
        Keeping keeping = switch (row.get("by")) {
            case "newest" ->
                new Keeping.Newest(
                        number(row, "first"), number(row, "tokens"), kept, Boolean.parseBoolean(row.get("renumbered")));
            case "heaviest" ->
                new Keeping.Heaviest(
                        number(row, "best"),
                        number(row, "recent"),
                        kept,
                        Boolean.parseBoolean(row.get("paired")),
                        number(row, "refresh"));
            case "observed_attention" ->
                new Keeping.Observed(
                        number(row, "tokens"),
                        number(row, "window"),
                        number(row, "kernel"),
                        Pooling.valueOf(row.get("pooling").toUpperCase(Locale.ROOT)),
                        kept,
                        number(row, "refresh"));
            default -> new Keeping.Chance(number(row, "tokens"), Long.parseLong(row.get("seed")), kept);
        };
        return new HeadKeeps(number(row, "layer"), number(row, "kv_head"), keeping);
    }

    private static int number(TreeMap<String, String> row, String name) {
        return Integer.parseInt(row.get(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"heatkv-strict", "scalekv-budget", "safetensors-mask"})
    void formatsOfScalesAreRefused(String format) {
        Schedule schedule = random(new Random(1));
        Path file = folder.resolve("schedule." + format);
        String message = assertThrows(
                        InputRefused.class, () -> ScheduleExporter.named(format).write(schedule, file))
                .getMessage();
        assertTrue(message.contains("csv"), message);
        assertFalse(Files.exists(file));
    }
}
