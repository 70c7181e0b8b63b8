package org.headwise.workbench;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.headwise.analysis.Profile;
import org.headwise.calibrate.RunFolder;
import org.headwise.schedules.ScheduleJson;
import org.headwise.schedules.exchange.HeatOrdersFile;
import org.headwise.schedules.exchange.ScheduleExporter;
import org.headwise.schedules.methods.HeatKv;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headwise export}. */
@Command(
        name = "export",
        header = {
            "Write a schedule, or the head orders of a run, in a format that others read.",
            "",
            "  headwise export schedule.json --format heatkv-strict --out strict.json",
            "  headwise export schedule.json --format csv --out schedule.csv",
            "  headwise export runs/demo/infinity --format heatkv-orders --protect 3 --out orders.json",
            ""
        },
        description = {
            "heatkv-strict     HeatKV's strict pruning schedule, as its released program computes it",
            "csv               a row per head and source scale with the moment of its eviction; for raster models a row",
            "                  per kv head with what it keeps",
            "scalekv-budget    ScaleKV's budget file, as its released program reads it",
            "safetensors-mask  which source scales each target scale sees, for runtimes that mask",
            "heatkv-orders     of a RUN: the order in which HeatKV removes heads, as its own loader reads it",
            "What the format cannot carry is said on standard error."
        })
final class ExportCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "SCHEDULE|RUN", description = "a schedule.json, or a run for heatkv-orders")
    private Path input;

    @Option(names = "--format", required = true, paramLabel = "NAME", description = "one of the formats above")
    private String format;

    @Option(
            names = "--protect",
            paramLabel = "N",
            converter = Numbers.AtLeastZero.class,
            defaultValue = "3",
            description = "heatkv-orders: leave out the first N scales (default ${DEFAULT-VALUE})")
    private int protect;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "write it there")
    private Path out;

    private final Session session;

    ExportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (format.equals(HeatOrdersFile.NAME)) {
            HeatOrdersFile.write(HeatKv.orders(Profile.of(RunFolder.open(input)), protect), out);
            session.say(out + " is written; format " + format + " " + HeatOrdersFile.losses());
            return ExitCode.OK.code;
        }
        ScheduleExporter exporter = ScheduleExporter.named(format);
        exporter.write(ScheduleJson.read(input), out);
        session.say(out + " is written; format " + exporter.name() + " " + exporter.losses());
        return ExitCode.OK.code;
    }
}
