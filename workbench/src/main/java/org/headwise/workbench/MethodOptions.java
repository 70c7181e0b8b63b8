package org.headwise.workbench;

import java.util.Map;
import java.util.TreeMap;
import org.headwise.schedules.methods.HeatKv;
import picocli.CommandLine.Option;

/** Options of a method on the command line. */
final class MethodOptions {
    @Option(
            names = "--protect",
            paramLabel = "N",
            converter = Numbers.AtLeastZero.class,
            description = "heatkv: never prune the first N scales (default 3)")
    private Integer protect;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "an option of the method (see: headwise methods); may be given more than once")
    private Map<String, String> set = Map.of();

    Map<String, String> given() {
        Map<String, String> given = new TreeMap<>(set);
        if (protect != null) {
            given.put(HeatKv.PROTECT, protect.toString());
        }
        return given;
    }
}
