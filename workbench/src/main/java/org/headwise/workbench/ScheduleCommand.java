package org.headwise.workbench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.headwise.files.InputRefused;
import org.headwise.files.Provenance;
import org.headwise.files.Sha256;
import org.headwise.model.Geometry;
import org.headwise.model.infinity.InfinityGeometries;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Method;
import org.headwise.schedules.Methods;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.ScheduleJson;
import org.headwise.schedules.exchange.HeatOrdersFile;
import org.headwise.schedules.methods.HeatKv;
import org.headwise.schedules.runtime.AllocatedMatch;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code headwise schedule}. */
@Command(
        name = "schedule",
        header = {
            "Plan what each head keeps, for a memory budget.",
            "",
            "  headwise schedule heatkv runs/demo/infinity --budget 10%% --out schedule.json",
            "  headwise schedule scalekv runs/demo/infinity --budget 10%% --drafters 4 \\",
            "      --allocation released --out s.json",
            "  headwise schedule heatkv --orders orders.json --geometry infinity-2b --budget 0.1 --out schedule.json",
            "  headwise schedule heatkv runs/demo/infinity --budget 25%% --protect 2 \\",
            "      --out runs/demo/infinity/schedules/protect2.json",
            "  headwise schedule scalekv runs/demo/infinity --match allocated=schedule.json --out equal.json",
            ""
        },
        description = {
            "A budget is a share of the full cache, 10%% or 0.1; for heatkv, of what a step finds in the cache.",
            "Every method has options of its own: headwise schedule METHOD --help lists them.",
            "Bytes in the table are those of one prompt without guidance in BF16."
        })
final class ScheduleCommand implements Callable<Integer> {
    /** Published orders, for which no run is needed. */
    static final class Orders {
        @Option(
                names = "--orders",
                required = true,
                paramLabel = "FILE",
                description = "removal orders as HeatKV publishes them, instead of a run")
        private Path file;

        @Option(
                names = "--geometry",
                required = true,
                paramLabel = "NAME",
                description = "the model that the orders are of (see: headwise models)")
        private String geometry;
    }

    /** How much may be kept. */
    static final class Size {
        @Option(
                names = "--budget",
                paramLabel = "SHARE",
                converter = BudgetText.class,
                description = "how much of the full cache may be kept, 10%% or 0.1")
        private Budget budget;

        @Option(
                names = "--match",
                paramLabel = "allocated=FILE",
                description =
                        "as much as another schedule: its peak of allocated bytes, as nearly as the method can and"
                                + " never above")
        private Map<Matched, Path> match;
    }

    @Parameters(index = "0", paramLabel = "METHOD", description = "a method (see: headwise methods)")
    private String method;

    @Parameters(index = "1", arity = "0..1", paramLabel = "RUN", description = "folder of a finished calibration")
    private Path run;

    @ArgGroup(exclusive = false)
    private Orders orders;

    @ArgGroup(multiplicity = "1")
    private Size size;

    @Mixin
    private final MethodFlags options = new MethodFlags();

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "write the schedule there")
    private Path out;

    @Mixin
    private JsonOption json;

    @Spec
    private CommandSpec spec;

    private final Session session;

    ScheduleCommand(Session session) {
        this.session = session;
    }

    /** The options of the method that is planned with. */
    MethodFlags flags() {
        return options;
    }

    @Override
    public Integer call() {
        if ((run == null) == (orders == null)) {
            throw new ParameterException(
                    spec.commandLine(), "give either a RUN, or --orders with --geometry, to plan from");
        }
        Method chosen = Methods.named(method);
        Schedule schedule = run == null ? fromOrders(chosen) : fromRun(chosen);
        ScheduleJson.write(schedule, out);
        FootprintTable.print(session, schedule, json);
        session.say(out + " is written, sha256 " + Sha256.of(out));
        return ExitCode.OK.code;
    }

    private Schedule fromRun(Method chosen) {
        Planning planning = Planning.from(session, run);
        if (size.budget != null) {
            return planning.plan(chosen, size.budget, options.given());
        }
        Path other = size.match.get(Matched.allocated);
        Schedule reference = ScheduleJson.read(other, planning.profile().geometry());
        AllocatedMatch match = planning.match(chosen, options.given(), reference, other);
        session.say("It " + match.describe());
        return match.schedule();
    }

    private Schedule fromOrders(Method chosen) {
        if (!chosen.name().equals(HeatKv.NAME)) {
            throw new InputRefused("orders are for method " + HeatKv.NAME + ", but the method is " + chosen.name());
        }
        if (size.budget == null) {
            throw new ParameterException(spec.commandLine(), "--match plans from a RUN, but --orders is given");
        }
        Budget budget = size.budget;
        SortedMap<String, String> settings = new TreeMap<>(chosen.resolve(options.given()));
        String protect = settings.get(HeatKv.PROTECT);
        if (!protect.matches("\\d{1,7}")) {
            throw new InputRefused(HeatKv.PROTECT + " " + protect + " is no number of scales, expected 0 or more");
        }
        settings.put("method", chosen.name());
        settings.put("budget", budget.percent());
        settings.put("geometry", orders.geometry);
        Geometry geometry = InfinityGeometries.get(orders.geometry);
        Provenance provenance = new Provenance(
                About.tool(), session.arguments(), settings, List.of(InputFiles.file(orders.file)), Map.of());
        return HeatKv.plan(
                geometry, HeatOrdersFile.read(orders.file, geometry), budget, Integer.parseInt(protect), provenance);
    }
}
