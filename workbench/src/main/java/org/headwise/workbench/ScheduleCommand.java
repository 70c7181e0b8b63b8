package org.headwise.workbench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.headwise.files.InputRefused;
import org.headwise.files.Provenance;
import org.headwise.files.Sha256;
import org.headwise.model.Geometry;
import org.headwise.model.infinity.InfinityGeometries;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.ScheduleJson;
import org.headwise.schedules.exchange.HeatOrdersFile;
import org.headwise.schedules.methods.HeatKv;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headwise schedule}. */
@Command(
        name = "schedule",
        header = {
            "Plan what each head keeps, for a memory budget.",
            "",
            "  headwise schedule heatkv --orders orders.json --geometry infinity-2b --budget 10%% --out schedule.json",
            "  headwise schedule heatkv --orders orders.json --geometry infinity-8b@1M:1.333 --budget 0.25 --out s.json",
            ""
        },
        description = {
            "A budget is a share of the full cache, 10%% or 0.1; for heatkv, of what a step finds in the cache.",
            "Bytes in the table are those of one prompt without guidance in BF16."
        })
final class ScheduleCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "METHOD", description = "heatkv")
    private String method;

    @Option(
            names = "--orders",
            required = true,
            paramLabel = "FILE",
            description = "removal orders as HeatKV publishes them, instead of a run")
    private Path orders;

    @Option(
            names = "--geometry",
            required = true,
            paramLabel = "NAME",
            description = "the model that the orders are of (see: headwise models)")
    private String geometryName;

    @Option(
            names = "--budget",
            required = true,
            paramLabel = "SHARE",
            converter = BudgetText.class,
            description = "how much of the full cache may be kept, 10%% or 0.1")
    private Budget budget;

    @Option(
            names = "--protect",
            paramLabel = "N",
            converter = Numbers.AtLeastZero.class,
            defaultValue = "3",
            description = "never prune the first N scales (default ${DEFAULT-VALUE})")
    private int protect;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "write the schedule there")
    private Path out;

    @Mixin
    private JsonOption json;

    private final Session session;

    ScheduleCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (!method.equals(HeatKv.NAME)) {
            throw new InputRefused("there is no method " + method + ", expected " + HeatKv.NAME);
        }
        Geometry geometry = InfinityGeometries.get(geometryName);
        Provenance provenance = new Provenance(
                About.tool(),
                session.arguments(),
                new TreeMap<>(Map.of(
                        "method",
                        method,
                        "budget",
                        budget.percent(),
                        HeatKv.PROTECT,
                        Integer.toString(protect),
                        "geometry",
                        geometryName)),
                List.of(InputFiles.file(orders)),
                Map.of());
        Schedule schedule = HeatKv.plan(geometry, HeatOrdersFile.read(orders, geometry), budget, protect, provenance);
        ScheduleJson.write(schedule, out);
        session.print(new ScheduleTable().add(schedule).table(), json);
        session.say(out + " is written, sha256 " + Sha256.of(out));
        return ExitCode.OK.code;
    }
}
