package org.headwise.workbench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.headwise.calibrate.RunFolder;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.GeometryJson;
import org.headwise.schedules.ScheduleJson;
import org.headwise.schedules.evaluate.Evaluation;
import org.headwise.schedules.evaluate.EvaluationFile;
import org.headwise.schedules.evaluate.EvaluationResult;

/** Looks whether everything in the folder of a run is still what was written, and belongs together. */
final class RunCheck {
    private RunCheck() {}

    static List<Finding> findings(Path folder) {
        List<Finding> findings = new ArrayList<>();
        RunFolder run;
        try {
            run = RunFolder.open(folder);
        } catch (InputRefused e) {
            return List.of(Finding.fail("calibration", e.getMessage()));
        }
        findings.add(look("calibration", () -> {
            String first = run.description().statistics().firstKey();
            for (int prompt = 0; prompt < run.records().size(); prompt++) {
                run.prompt(prompt, first);
            }
            return run.records().size() + " prompts of " + run.description().model()
                    + ", every part as the journal says";
        }));
        for (Path file : JsonFiles.in(folder.resolve("schedules"))) {
            findings.add(look("schedule " + file.getFileName(), () -> schedule(file, run.geometry())));
        }
        Path evaluation = folder.resolve("evaluation").resolve(Evaluation.FILE);
        if (Files.isRegularFile(evaluation)) {
            findings.add(look("evaluation", () -> evaluation(evaluation, run.geometry())));
        }
        return findings;
    }

    private static String schedule(Path file, Geometry geometry) {
        return "budget " + ScheduleJson.read(file, geometry).budget().percent() + ", for this model";
    }

    private static String evaluation(Path file, Geometry geometry) {
        EvaluationResult result = EvaluationFile.read(file);
        GeometryJson.requireSame(geometry, result.geometry(), file.toString());
        return result.prompts().size() + " prompts, " + result.variants().size() + " schedules";
    }

    private static Finding look(String subject, Supplier<String> check) {
        try {
            return Finding.ok(subject, check.get());
        } catch (InputRefused e) {
            return Finding.fail(subject, e.getMessage());
        }
    }
}
