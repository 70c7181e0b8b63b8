package org.headwise.workbench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.headwise.files.InputRefused;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.model.infinity.InfinityGeometries;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.ScheduleJson;
import org.headwise.schedules.exchange.HeatKvStrictImport;
import org.headwise.schedules.exchange.ScaleKvBudgetFile;
import org.headwise.schedules.exchange.ScaleKvBudgetImport;
import org.headwise.schedules.methods.ScaleKv;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headwise import}. */
@Command(
        name = "import",
        header = {
            "Read a schedule of another project and write it as schedule.json.",
            "",
            "  headwise import strict.json --format heatkv-strict --out schedule.json",
            "  headwise import budget.json --format scalekv-budget --geometry infinity-2b --out schedule.json",
            "  headwise import 2b_10.json --format scalekv-budget --geometry infinity-2b --out schedule.json",
            ""
        },
        description = {
            "heatkv-strict   HeatKV's strict pruning schedule as JSON",
            "scalekv-budget  ScaleKV's budget file; --geometry is needed, tokens are chosen as in its released code",
            "scalekv-budget ScaleKV's budget file; tokens are then chosen as its released code does",
            "Orders of HeatKV are no schedule yet: headwise schedule heatkv --orders FILE plans one from them."
        })
final class ImportCommand implements Callable<Integer> {
    private static final String STRICT = "heatkv-strict";

    @Parameters(index = "0", paramLabel = "FILE", description = "the file to read")
    private Path file;

    @Option(names = "--format", required = true, paramLabel = "NAME", description = "one of the formats above")
    private String format;

    @Option(
            names = "--geometry",
            paramLabel = "NAME",
            description = "the model that it is for, if the file does not name it (see: headwise models)")
    private String geometry;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "write the schedule there")
    private Path out;

    @Mixin
    private JsonOption json;

    private final Session session;

    ImportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Provenance provenance = new Provenance(
                About.tool(),
                session.arguments(),
                new TreeMap<>(Map.of("format", format)),
                List.of(InputFiles.file(file)),
                Map.of());
        Geometry named = geometry == null ? null : InfinityGeometries.get(geometry);
        Schedule schedule = switch (format) {
            case STRICT -> HeatKvStrictImport.read(file, named, provenance);
            case ScaleKvBudgetFile.NAME -> {
                if (named == null) {
                    throw new InputRefused(file + ": a ScaleKV budget does not name its model, give --geometry");
                }
                yield ScaleKvBudgetImport.read(file, named, ScaleKv.releasedSelection(), provenance);
            }
            default ->
                throw new InputRefused("there is no format " + format + " to import, expected " + STRICT + " or "
                        + ScaleKvBudgetFile.NAME);
        };
        ScheduleJson.write(schedule, out);
        FootprintTable.print(session, schedule, json);
        session.say(out + " is written");
        return ExitCode.OK.code;
    }

    private Schedule read(Geometry model, Provenance provenance) {
        return switch (format) {
            case STRICT -> HeatKvStrictImport.read(file, model, provenance);
            case ScaleKvBudgetFile.NAME -> {
                if (model == null) {
                    throw InputRefused.in(file, "format " + format + " does not name its model; give --geometry");
                }
                yield ScaleKvBudgetImport.read(file, model, ScaleKv.releasedSelection(), provenance);
            }
            default ->
                throw new InputRefused("there is no format " + format + " to import, expected " + STRICT + " or "
                        + ScaleKvBudgetFile.NAME);
        };
    }
}
