package org.headwise.schedules.conform;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.schedules.conform.CaseResult.Verdict;
import org.headwise.tensor.Engine;
import tools.jackson.databind.JsonNode;

/**
 * Replays recorded cases of the original programs and says how near Headwise comes. Cases are found in any folder and
 * recognised by the structure of their manifests; no file can stop the run.
 */
public final class Conformance {
    private static final List<CaseCheck> CHECKS = List.of(
            new PthCheck(),
            new JanusGenerationCheck(),
            new JanusEvictionCheck(),
            new JanusVqCheck(),
            new LlamaGenCheck(),
            new VarCheck(),
            new PromptStringsCheck(),
            new NamesCheck(),
            new GenerationCheck(),
            new TraceCheck(),
            new BlockCheck(),
            new InterpolationCheck(),
            new QuantizerCheck(),
            new RopeCheck(),
            new SamplerCheck(),
            new TeacherForcedCheck(),
            new TextHeadCheck(),
            new VaeCheck(),
            new MaskCheck(),
            new ScasCheck(),
            new ScasAccumulatorCheck(),
            new HeatKvCheck(),
            new HeatBudgetCheck(),
            new ScaleKvCheck(),
            new ScaleKvUnitCheck(),
            new T5Check());

    private Conformance() {}

    /** Hears of every case as soon as it is done. */
    @FunctionalInterface
    public interface Listener {
        void finished(CaseResult result);
    }

    /**
     * Replays all cases of some folders.
     *
     * @param paths folders, searched without their subfolders, or single manifests
     * @param engine runs the models
     * @throws InputRefused if a path does not exist or there is no case at all
     */
    public static List<CaseResult> run(List<Path> paths, Engine engine, Listener listener) {
        Workshop workshop = new Workshop(engine);
        List<CaseResult> results = new ArrayList<>();
        for (Path path : paths) {
            for (FoundCase found : FoundCase.in(path)) {
                CaseResult result = run(found, workshop);
                results.add(result);
                listener.finished(result);
            }
        }
        if (results.isEmpty()) {
            throw new InputRefused("there are no recorded cases in " + paths
                    + "; a case is a JSON manifest with a \"kind\" beside its tensors");
        }
        return results;
    }

    private static CaseResult run(FoundCase found, Workshop workshop) {
        JsonNode json;
        try {
            json = Json.read(found.manifest());
        } catch (RuntimeException e) {
            return failed(found.id(), found.kind(), e);
        }
        String id = RecordedCase.id(found.manifest(), json);
        String kind = json.path("kind").asString("");
        if (kind.isEmpty()) {
            return new CaseResult(id, "?", Verdict.FAIL, 0, 0, 0, "", "the manifest names no kind");
        }
        Comparison out = new Comparison();
        try (RecordedCase recorded = new RecordedCase(found.manifest(), json, found.index())) {
            CHECKS.stream()
                    .filter(check -> check.covers(recorded))
                    .findFirst()
                    .ifPresentOrElse(
                            check -> check.check(recorded, workshop, out),
                            () -> out.skip(
                                    "no check of this version fits a case of kind " + kind + " with these tensors"));
            recorded.untouched().ifPresent(names -> out.note("not compared: " + names));
            return out.result(id, kind);
        } catch (RuntimeException | VirtualMachineError e) {
            return failed(id, kind, e);
        }
    }

    private static CaseResult failed(String id, String kind, Throwable e) {
        String reason = e instanceof InputRefused ? e.getMessage() : "could not be replayed: " + e;
        return new CaseResult(id, kind, Verdict.FAIL, 0, 0, 0, "", reason.replaceAll("\\s+", " "));
    }
}
