package org.headwise.workbench;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.headwise.schedules.ScheduleJson;
import org.headwise.schedules.exchange.ScheduleExporter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headwise export}. */
@Command(
        name = "export",
        header = {
            "Write a schedule in a format that others read.",
            "",
            "  headwise export schedule.json --format heatkv-strict --out strict.json",
            "  headwise export schedule.json --format csv --out schedule.csv",
            "  headwise export schedule.json --format safetensors-mask --out mask.safetensors",
            ""
        },
        description = {
            "heatkv-strict     HeatKV's strict pruning schedule, as its released program computes it",
            "csv               a row per head and source scale with the moment of its eviction",
            "scalekv-budget    ScaleKV's budget file, as its released program reads it",
            "safetensors-mask  which source scales each target scale sees, for runtimes that mask",
            "What the format cannot carry is said on standard error."
        })
final class ExportCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "SCHEDULE", description = "a schedule.json")
    private Path schedule;

    @Option(names = "--format", required = true, paramLabel = "NAME", description = "one of the formats above")
    private String format;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "write it there")
    private Path out;

    private final Session session;

    ExportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ScheduleExporter exporter = ScheduleExporter.named(format);
        exporter.write(ScheduleJson.read(schedule), out);
        session.say(out + " is written; format " + exporter.name() + " " + exporter.losses());
        return ExitCode.OK.code;
    }
}
