package org.headwise.schedules.exchange;

import java.nio.file.Path;
import java.util.Arrays;
import org.headwise.files.AtomicFile;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.schedules.Capacity;
import org.headwise.schedules.EvictScale;
import org.headwise.schedules.HeadKeeps;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.methods.ScaleKvTable;

/**
 * ScaleKV's budget file, byte by byte as it is released: for every scale whose incoming cache was cut, counted from 1, a 1
 * for each block that is a drafter, how many these are ({@code High}), what they and the refiners keep ({@code Max},
 * {@code Min}), and the most that a block could hold ({@code Limit}).
 */
public final class ScaleKvBudgetFile implements ScheduleExporter {
    /** Name of the format on the command line. */
    public static final String NAME = "scalekv-budget";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String losses() {
        return "loses the geometry, how tokens are chosen, the parameters, the ledger and the provenance; only capacities"
                + " of two sizes a scale can be written";
    }

    @Override
    public void write(Schedule schedule, Path file) {
        AtomicFile.write(file, text(schedule));
    }

    /** The whole file. */
    public static String text(Schedule schedule) {
        Geometry geometry = schedule.geometry();
        int[][] capacities = capacities(schedule);
        int[] held = new int[geometry.layers()];
        StringBuilder text = new StringBuilder("{");
        for (int step = 0; step < capacities.length; step++) {
            for (int layer = 0; layer < held.length; layer++) {
                held[layer] += geometry.tokens(step);
            }
            if (capacities[step] != null) {
                int limit = Arrays.stream(held).max().orElseThrow();
                text.append(text.length() == 1 ? "" : ",").append(scale(step, capacities[step], limit));
                for (int layer = 0; layer < held.length; layer++) {
                    held[layer] = Math.min(held[layer], capacities[step][layer]);
                }
            }
        }
        return text.append("\n}").toString();
    }

    private static String scale(int step, int[] capacities, int limit) {
        int max = Arrays.stream(capacities).max().orElseThrow();
        int min = Arrays.stream(capacities).min().orElseThrow();
        StringBuilder text = new StringBuilder();
        text.append("\n  \"Scale ").append(step + ScaleKvTable.FIRST_ROW).append("\": {");
        int high = 0;
        for (int layer = 0; layer < capacities.length; layer++) {
            if (capacities[layer] != min && capacities[layer] != max) {
                throw new InputRefused("after scale " + step + " layers keep more than two numbers of tokens (" + min
                        + ", " + capacities[layer] + ", " + max + "), which " + NAME
                        + " cannot say; export csv instead");
            }
            boolean drafter = max > min && capacities[layer] == max;
            high += drafter ? 1 : 0;
            number(text, "Block " + layer, drafter ? 1 : 0).append(',');
        }
        number(text, "High", high).append(',');
        number(text, "Max", max).append(',');
        number(text, "Min", min).append(',');
        return number(text, "Limit", limit).append("\n  }").toString();
    }

    private static StringBuilder number(StringBuilder text, String name, int value) {
        return text.append("\n    \"").append(name).append("\": ").append(value);
    }

    /** [steps but the last][layers]; null where there are none. */
    private static int[][] capacities(Schedule schedule) {
        Geometry geometry = schedule.geometry();
        int[][] capacities = new int[geometry.steps().size() - 1][];
        int[] found = new int[capacities.length];
        for (Rule rule : schedule.rules()) {
            switch (rule) {
                case EvictScale evict ->
                    throw new InputRefused("method " + schedule.method() + " removes whole scales, which " + NAME
                            + " cannot say; export csv instead");
                case HeadKeeps head ->
                    throw new InputRefused("this is a schedule for " + geometry.family() + ", a raster model, which "
                            + NAME + " cannot say; export csv instead");
                case Capacity capacity
                when capacity.ofOneHead() ->
                    throw new InputRefused("method " + schedule.method() + " limits single kv heads, which " + NAME
                            + " cannot say; export csv instead");
                case Capacity capacity -> {
                    if (capacities[capacity.step()] == null) {
                        capacities[capacity.step()] = new int[geometry.layers()];
                    }
                    capacities[capacity.step()][capacity.layer()] = capacity.tokens();
                    found[capacity.step()]++;
                }
            }
        }
        for (int step = 0; step < found.length; step++) {
            if (found[step] != 0 && found[step] != geometry.layers()) {
                throw new InputRefused("after scale " + step + " only " + found[step] + " of " + geometry.layers()
                        + " layers have a capacity, which " + NAME + " cannot say; export csv instead");
            }
        }
        return capacities;
    }
}
