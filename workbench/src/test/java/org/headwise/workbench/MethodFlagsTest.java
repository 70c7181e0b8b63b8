package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.headwise.schedules.Method;
import org.headwise.schedules.Methods;
import org.headwise.schedules.Option;
import org.headwise.schedules.ScheduleJson;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The options of every method as options of {@code headwise schedule}. */
class MethodFlagsTest {
    @TempDir
    static Path folder;

    private static String run;

    @BeforeAll
    static void calibrate() {
        run = folder.resolve("run").toString();
        Run calibrated = Run.of("calibrate", "--prompts", "scenes-calibration", "--limit", "2", "--out", run);
        assertEquals(0, calibrated.code(), calibrated.err());
    }

    @Test
    void helpListsEveryOptionOfTheMethodAndOfNoOther() {
        for (Method method : Methods.all()) {
            Run help = Run.of("schedule", method.name(), "--help");
            assertEquals(0, help.code(), help.err());
            for (Option option : method.options()) {
                assertTrue(help.out().contains("--" + option.name() + "=VALUE"), help.out());
            }
            boolean named = help.out().contains("Options of " + method.name() + ":");
            assertEquals(!method.options().isEmpty(), named, help.out());
            assertEquals(method.name().equals("hack"), help.out().contains("--alpha"), help.out());
        }
        assertFalse(Run.of("schedule", "--help").out().contains("Options of"));
    }

    /** Methods all of whose options are for next-scale models, as the run is of one. */
    @Test
    void defaultsWrittenOutGiveTheDefaultSchedule() {
        for (String name : List.of("hack", "heatkv", "scalekv", "uniform")) {
            Method method = Methods.named(name);
            Path plain = folder.resolve(method.name() + ".json");
            Path written = folder.resolve(method.name() + "-defaults.json");
            java.util.ArrayList<String> words =
                    new java.util.ArrayList<>(List.of("schedule", method.name(), run, "--budget", "50%", "--out"));
            words.add(plain.toString());
            Run first = Run.of(words.toArray(String[]::new));
            assertEquals(0, first.code(), method.name() + ": " + first.err());
            words.set(6, written.toString());
            method.options().forEach(option -> words.addAll(List.of("--" + option.name(), option.standard())));
            Run second = Run.of(words.toArray(String[]::new));
            assertEquals(0, second.code(), method.name() + ": " + second.err());
            assertEquals(
                    ScheduleJson.read(plain).rules(), ScheduleJson.read(written).rules(), method.name());
        }
    }

    @Test
    void flagsArriveAndMayStandBeforeTheMethod() {
        Path out = folder.resolve("flags.json");
        Run planned = Run.of(
                "schedule",
                "--out",
                out.toString(),
                "--drafters",
                "3",
                "scalekv",
                run,
                "--budget=25%",
                "--allocation=released",
                "--decay=0.2",
                "--set",
                "floor=0.4");
        assertEquals(0, planned.code(), planned.err());
        Map<String, String> parameters = ScheduleJson.read(out).parameters();
        assertEquals("3", parameters.get("drafters"));
        assertEquals("released", parameters.get("allocation"));
        assertEquals("0.2", parameters.get("decay"));
        assertEquals("0.4", parameters.get("floor"));
        assertEquals("8", parameters.get("top"));
    }

    @Test
    void theUnknownIsRefusedWithWhatThereIs() {
        Run unknown = Run.of("schedule", "scalekv", run, "--budget", "10%", "--alpha", "1", "--out", "x.json");
        assertEquals(2, unknown.code());
        assertTrue(unknown.err().contains("--alpha"), unknown.err());
        assertTrue(unknown.err().contains("Options of scalekv: --drafters, --top, --allocation"), unknown.err());
        Run none = Run.of("schedule", "full", run, "--budget", "100%", "--first", "1", "--out", "x.json");
        assertEquals(2, none.code());
        assertTrue(none.err().contains("Method full has no options of its own."), none.err());
        Run bare = Run.of("schedule", "hack", run, "--budget", "10%", "--out", "x.json", "--alpha");
        assertEquals(2, bare.code());
        assertTrue(bare.err().contains("--alpha"), bare.err());
    }

    @Test
    void givenTwiceIsRefused() {
        Run twice = Run.of(
                "schedule", "hack", run, "--budget", "10%", "--alpha", "0.3", "--set", "alpha=0.4", "--out", "x.json");
        assertEquals(3, twice.code());
        assertTrue(twice.err().contains("option alpha is given as --alpha and as --set"), twice.err());
    }

    @Test
    void aFileThatIsCalledLikeAMethodIsNone() {
        Run help = Run.of("schedule", "--out", "hack", "scalekv", "--help");
        assertTrue(help.out().contains("Options of scalekv:"), help.out());
    }
}
