package org.headwise.workbench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.headwise.datasets.PromptSet;
import org.headwise.files.AtomicFile;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.files.Provenance;
import org.headwise.model.Sampling;
import org.headwise.reports.ComparisonPage;
import org.headwise.schedules.ScheduleJson;
import org.headwise.schedules.compare.ComparisonCsv;
import org.headwise.schedules.compare.ComparisonJson;
import org.headwise.schedules.compare.CountedComparison;
import org.headwise.schedules.compare.NamedSchedule;
import org.headwise.schedules.compare.ScheduleComparison;
import org.headwise.schedules.compare.ScheduleComparison.Counted;
import org.headwise.schedules.runtime.Storage;
import org.headwise.tensor.DType;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headwise compare}. */
@Command(
        name = "compare",
        header = {
            "Show schedules side by side: what they keep, what they keep in common, and what they cost.",
            "",
            "  headwise compare heatkv.json scalekv.json",
            "  headwise compare a.json b.json c.json --tolerance 2%% --json all.json --csv all.csv --html all.html",
            "  headwise compare a.json b.json --model infinity-mini --prompts scenes-evaluation --limit 4",
            ""
        },
        description = {
            "The first schedule is the reference. Every budget is shown in all of its meanings, and which of them are",
            "equal. Overlap is the Jaccard index of the tokens kept. Tokens that are chosen by their attention are not",
            "known before a model runs: without --model their overlap is given as the two bounds that hold for every",
            "image; with it the caches are run, fed the ids of the full cache's image, and what they hold is counted."
        })
final class CompareCommand implements Callable<Integer> {
    /** What is needed to run the caches. */
    static final class Running {
        @Option(
                names = "--model",
                required = true,
                paramLabel = "MODEL",
                description = "run the caches with this bundled model or model folder")
        private String model;

        @Option(
                names = "--prompts",
                required = true,
                paramLabel = "SET|FILE",
                description = "for these prompts: a bundled set or a .txt or .jsonl file")
        private String prompts;

        @Option(
                names = "--limit",
                converter = Numbers.AtLeastOne.class,
                paramLabel = "N",
                description = "only the first N prompts")
        private Integer limit;
    }

    @Parameters(arity = "2..*", paramLabel = "SCHEDULE", description = "two or more schedule.json, the reference first")
    private List<Path> files;

    @Option(
            names = "--tolerance",
            paramLabel = "SHARE",
            defaultValue = "1%",
            converter = Numbers.Tolerance.class,
            description = "what still counts as equal (default 1%%)")
    private double tolerance;

    @Option(
            names = "--rows",
            paramLabel = "N",
            converter = Numbers.AtLeastOne.class,
            description = "batch rows that bytes are of (default: 2, one image with guidance; with --model, its own)")
    private Integer rows;

    @ArgGroup(exclusive = false)
    private Running running;

    @Mixin
    private ModelPlaces places;

    @Mixin
    private SamplingOptions sampling;

    @Option(
            names = "--storage",
            paramLabel = "FORMAT",
            defaultValue = "F32",
            description = "with --model: hold keys and values as ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})")
    private Storage storage = Storage.F32;

    @Option(names = "--json", paramLabel = "FILE", description = "write everything there as JSON")
    private Path json;

    @Option(names = "--csv", paramLabel = "FILE", description = "write everything there as one long table")
    private Path csv;

    @Option(names = "--html", paramLabel = "FILE", description = "write a page with charts there")
    private Path html;

    private final Session session;

    CompareCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        List<Path> outputs = new ArrayList<>();
        for (Path out : new Path[] {json, csv, html}) {
            if (out != null) {
                refuseToReplace(out, outputs);
                outputs.add(out);
            }
        }
        List<NamedSchedule> schedules = named(PlannedSchedule.read(files));
        List<Provenance.Input> inputs =
                new ArrayList<>(files.stream().map(InputFiles::file).toList());
        ScheduleComparison comparison =
                running == null ? ScheduleComparison.predicted(schedules) : counted(schedules, inputs);
        int batch =
                rows != null ? rows : comparison.counted().map(Counted::rows).orElse(FootprintTable.GUIDED);
        new ComparisonTables(comparison, batch, tolerance).print(session);
        Provenance provenance = provenance(comparison, batch, inputs);
        if (json != null) {
            AtomicFile.write(json, Json.pretty(ComparisonJson.write(comparison, batch, tolerance, provenance)));
        }
        if (csv != null) {
            ComparisonCsv.write(comparison, batch, provenance, csv);
        }
        if (html != null) {
            ComparisonPage.write(comparison, batch, tolerance, provenance, html);
        }
        outputs.forEach(out -> session.say(out + " is written"));
        return ExitCode.OK.code;
    }

    /** A schedule that follows --json by mistake must not be lost. */
    private static void refuseToReplace(Path out, List<Path> others) {
        if (others.contains(out)) {
            throw new InputRefused(out + ": two files of a comparison cannot have one name, give another");
        }
        if (Files.isRegularFile(out) && looksLikeSchedule(out)) {
            throw InputRefused.in(out, "this is a schedule, which the comparison would replace; give another name");
        }
    }

    private static boolean looksLikeSchedule(Path file) {
        try {
            return ScheduleJson.FORMAT.equals(Json.read(file).path("format").asString(""));
        } catch (InputRefused notEvenJson) {
            return false;
        }
    }

    /** Short names that tell them apart, whatever the files are called. */
    private static List<NamedSchedule> named(List<PlannedSchedule> planned) {
        List<String> names = planned.stream()
                .map(one -> one.name().equals(PlannedSchedule.name(one.schedule()))
                        ? one.schedule().method() + "-"
                                + ComparisonTables.percent(one.schedule().budget())
                        : one.name())
                .toList();
        List<NamedSchedule> named = new ArrayList<>();
        for (PlannedSchedule one : planned) {
            String name = names.get(named.size());
            boolean unique = names.indexOf(name) == names.lastIndexOf(name);
            named.add(new NamedSchedule(
                    unique ? name : name + " (" + (named.size() + 1) + ")",
                    one.file().toString(),
                    one.schedule()));
        }
        return named;
    }

    private ScheduleComparison counted(List<NamedSchedule> schedules, List<Provenance.Input> inputs) {
        PromptSet prompts = PromptSet.load(running.prompts).limit(running.limit == null ? 0 : running.limit);
        try (OpenModel opened = OpenModel.of(session, running.model, places.source(running.model), DType.F32)) {
            Sampling drawn = sampling.over(opened.model().sampling());
            inputs.addAll(opened.inputs());
            inputs.add(prompts.input());
            return new CountedComparison(opened.model(), opened.name(), prompts, drawn, sampling.seed, storage)
                    .run(schedules, session.progress());
        }
    }

    private Provenance provenance(ScheduleComparison comparison, int batch, List<Provenance.Input> inputs) {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put("tolerance", Double.toString(tolerance));
        settings.put("rows", Integer.toString(batch));
        comparison.counted().ifPresent(counted -> {
            settings.put("model", counted.model());
            settings.put("prompts", counted.promptSet());
            settings.put("limit", Integer.toString(counted.prompts()));
            settings.put("first seed", Long.toString(sampling.seed));
            settings.put("storage", counted.storage());
        });
        Map<String, Long> counts = comparison
                .counted()
                .map(counted -> Map.of("prompts", (long) counted.prompts()))
                .orElse(Map.of());
        return new Provenance(About.tool(), session.arguments(), settings, inputs, counts);
    }
}
