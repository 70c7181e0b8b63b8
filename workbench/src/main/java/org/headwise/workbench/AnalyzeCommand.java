package org.headwise.workbench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.headwise.analysis.HeadExtremes;
import org.headwise.analysis.HeadTable;
import org.headwise.analysis.Neighbourhood;
import org.headwise.analysis.PromptProfiles;
import org.headwise.calibrate.RunFolder;
import org.headwise.files.Json;
import org.headwise.reports.ReportData.StabilityPoint;
import org.headwise.reports.StabilityReading;
import org.headwise.schedules.Budget;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code headwise analyze}. */
@Command(
        name = "analyze",
        header = {
            "Show what every head looks at, and whether other prompts would have said the same.",
            "",
            "  headwise analyze runs/first",
            "  headwise analyze runs/first --sort -dispersion.entropy --top 10",
            "  headwise analyze runs/first --columns scale-heat.own,sinks.first_token",
            "  headwise analyze runs/janus --sort sparsity.score --top 10",
            ""
        },
        description = {
            "The whole table is written to RUN/analysis/heads.csv. Stability compares groups of prompts that have none in",
            "common: rank correlation of the heads' S-CAS, and the share of heads that both would prune at the budget; for",
            "raster models that of SSD's sparsity, and the share of heads that both have in the more spatial half. For them",
            "the most spatial and the most semantic heads are listed as well."
        })
final class AnalyzeCommand implements Callable<Integer> {
    private static final List<String> USUAL = List.of(
            "scale-heat.own",
            "scale-heat.previous",
            "locality.own_distance",
            "locality.earlier_distance",
            "sinks.first_token",
            "sinks.concentration",
            "sparsity.score",
            "sparsity.score_uncond",
            "sparsity.distance",
            "recency.window_90",
            "landmarks.prompt",
            "landmarks.self",
            "received.gini",
            "dispersion.entropy",
            "dispersion.effective_keys");

    /** Heads listed of either kind. */
    private static final int EACH = 5;

    @Parameters(index = "0", paramLabel = "RUN", description = "folder of a finished calibration")
    private Path run;

    @Option(
            names = "--sort",
            paramLabel = "COLUMN",
            defaultValue = "layer",
            description = "sort by a column; -COLUMN from the largest (default ${DEFAULT-VALUE})")
    private String sort;

    @Option(
            names = "--columns",
            paramLabel = "LIST",
            split = ",",
            description = "show only these, or: all (default: a few of each statistic)")
    private List<String> columns = List.of();

    @Option(
            names = "--top",
            paramLabel = "N",
            converter = Numbers.AtLeastOne.class,
            defaultValue = "20",
            description = "show the first N heads (default ${DEFAULT-VALUE})")
    private int top;

    @Option(
            names = "--budget",
            paramLabel = "SHARE",
            converter = BudgetText.class,
            defaultValue = "10%",
            description = "whose pruned heads stability compares, not of raster models (default 10%%)")
    private Budget budget;

    @Option(
            names = "--protect",
            paramLabel = "N",
            converter = Numbers.AtLeastZero.class,
            defaultValue = "3",
            description = "scales, counted from the first, that are never pruned (default ${DEFAULT-VALUE})")
    private int protect;

    @Mixin
    private JsonOption json;

    private final Session session;

    AnalyzeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        PromptProfiles prompts = PromptProfiles.of(RunFolder.open(run));
        HeadTable heads = HeadTable.of(prompts.whole());
        Path csv = run.resolve("analysis").resolve("heads.csv");
        List<StabilityPoint> stability = Steadiness.of(prompts, protect, budget)
                .map(StabilityReading::points)
                .orElse(List.of());
        Optional<HeadExtremes> extremes = HeadExtremes.of(prompts.whole(), Neighbourhood.IMMEDIATE, EACH);
        if (json.wanted) {
            session.printJson(document(prompts, heads, extremes, stability));
        } else {
            session.print(heads.text(sort, shown(heads), top));
            session.print("");
            extremes.ifPresent(found -> {
                session.print("The most spatial and the most semantic heads:");
                session.print(ends(found), json);
                session.print("");
            });
            session.print(Steadiness.table(stability), json);
        }
        heads.writeCsv(csv);
        heads.gaps().forEach(gap -> session.say("note: " + gap));
        session.say("All columns of all heads are in " + csv + "; N = "
                + prompts.prompts().size() + " prompts");
        return ExitCode.OK.code;
    }

    private List<String> shown(HeadTable heads) {
        if (columns.isEmpty()) {
            List<String> known =
                    heads.legend().stream().map(HeadTable.Legend::column).toList();
            return USUAL.stream().filter(known::contains).toList();
        }
        return columns.equals(List.of("all")) ? List.of() : columns;
    }

    /** The heads at both ends of SSD's sparsity, the outermost first. */
    private static TextTable ends(HeadExtremes extremes) {
        TextTable table = new TextTable(
                TextTable.Column.of("kind", "kind"),
                TextTable.Column.of("layer", "layer"),
                TextTable.Column.of("head", "head"),
                new TextTable.Column("sparsity", "sparsity.score", "%.4f"));
        extremes.spatial().forEach(head -> table.row("spatial", head.layer(), head.head(), head.score()));
        extremes.semantic().forEach(head -> table.row("semantic", head.layer(), head.head(), head.score()));
        return table;
    }

    private static ObjectNode document(
            PromptProfiles prompts, HeadTable heads, Optional<HeadExtremes> extremes, List<StabilityPoint> stability) {
        ObjectNode document = Json.object().put("prompts", prompts.prompts().size());
        ArrayNode legend = document.putArray("legend");
        heads.legend()
                .forEach(entry -> legend.addObject()
                        .put("column", entry.column())
                        .put("unit", entry.unit())
                        .put("description", entry.description()));
        document.set("heads", heads.json());
        extremes.ifPresent(found -> document.set("extremes", ends(found).json()));
        document.set("stability", Steadiness.table(stability).json());
        return document;
    }
}
