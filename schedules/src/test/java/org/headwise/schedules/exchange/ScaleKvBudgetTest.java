package org.headwise.schedules.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.infinity.InfinityGeometries;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Capacity;
import org.headwise.schedules.Cases;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.ScheduleJson;
import org.headwise.schedules.Selector;
import org.headwise.schedules.methods.ScaleKv;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleKvBudgetTest {
    @TempDir
    Path folder;

    private static Path released(String size) throws URISyntaxException {
        return Path.of(ScaleKvBudgetTest.class
                .getResource("/reference/scalekv-budget-" + size + "-10.json")
                .toURI());
    }

    private static Schedule read(Path file, Geometry geometry) {
        return ScaleKvBudgetImport.read(file, geometry, ScaleKv.releasedSelection(), Cases.PROVENANCE);
    }

    @ParameterizedTest
    @CsvSource({"2b,20800", "8b,26000"})
    void releasedFilesComeBackByteByByte(String size, long total) throws Exception {
        Geometry geometry = InfinityGeometries.get("infinity-" + size);
        Schedule schedule = read(released(size), geometry);
        Path file = folder.resolve("back.json");
        ScheduleExporter.named("scalekv-budget").write(schedule, file);
        assertEquals(Files.readString(released(size)), Files.readString(file));
        Path own = folder.resolve("schedule.json");
        ScheduleJson.write(schedule, own);
        assertEquals(schedule, ScheduleJson.read(own));
        assertEquals(Files.readString(released(size)), ScaleKvBudgetFile.text(ScheduleJson.read(own)));
        assertEquals(5 * geometry.layers(), schedule.rules().size());
        assertEquals(650, ((Selector.Released) ((Capacity) schedule.rules().getFirst()).selector()).base());
        assertEquals(650.0 / 6425, schedule.budget().share());
        assertEquals(Budget.Meaning.BETWEEN_STEPS, schedule.budget().meaning());
        // Every scale that is cut leaves the same number of tokens, 650 a head.
        List<Long> ends = schedule.predicted().end();
        for (int step = 7; step < 13; step++) {
            assertEquals(total * geometry.kvHeads(), ends.get(step), "step " + step);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "\"High\": 2, \"High\": 3, High",
        "\"Max\": 1490, \"Max\": 1489, Limit",
        "\"Limit\": 921, \"Limit\": 900, Limit",
        "\"Min\": 632, \"Min\": 1000, Min",
        "\"Block 5\": 0, \"Block 5\": 2, Block 5",
        "\"Block 5\": 0, \"Block 50\": 0, Block 50",
        "\"Scale 13\", \"Scale 14\", Scale 14",
    })
    void contradictionsAreRefusedWithTheirPlace(String text, String instead, String place) throws Exception {
        String good = Files.readString(released("2b"));
        assertTrue(good.contains(text), text);
        Path file = folder.resolve("bad.json");
        Files.writeString(file, good.replaceFirst(text, instead));
        String message = assertThrows(InputRefused.class, () -> read(file, InfinityGeometries.get("infinity-2b")))
                .getMessage();
        assertTrue(message.startsWith(file.toString()) && message.contains(place), message);
    }

    @Test
    void anotherModelAndAnotherResolutionAreRefused() throws Exception {
        Path file = released("2b");
        assertThrows(InputRefused.class, () -> read(file, InfinityGeometries.get("infinity-8b")));
        assertThrows(InputRefused.class, () -> read(file, InfinityGeometries.get("infinity-2b@0.25M")));
        assertThrows(InputRefused.class, () -> read(file, InfinityGeometries.get("infinity-2b@1M:1.333")));
        Path empty = folder.resolve("empty.json");
        Files.writeString(empty, "{}");
        assertThrows(InputRefused.class, () -> read(empty, InfinityGeometries.get("infinity-2b")));
    }

    @Test
    void schedulesThatItCannotSayAreRefused() {
        Path file = folder.resolve("out.json");
        String message = assertThrows(
                        InputRefused.class,
                        () -> ScheduleExporter.named("scalekv-budget").write(Cases.released2b(0.1, 4), file))
                .getMessage();
        assertTrue(message.contains("removes whole scales"), message);
        assertTrue(Files.notExists(file));
    }
}
