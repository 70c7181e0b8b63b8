package org.headwise.schedules.exchange;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.headwise.files.AtomicFile;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.schedules.Capacity;
import org.headwise.schedules.EvictScale;
import org.headwise.schedules.HeadKeeps;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;

/**
 * A table for spreadsheets and scripts: one row per unit (source step, layer, kv head), with the moment after which its
 * keys are gone; both columns are empty for what stays to the end. Where capacities choose tokens, the table is another:
 * one row per step and layer that has one, or per step, layer and kv head. For raster models it is one row per kv head
 * that gives anything up, with what it keeps.
 */
public final class CsvFile implements ScheduleExporter {
    private static final String CAPACITIES = "step,layer,tokens";
    private static final String OF_HEADS = "step,layer,kv_head,tokens";
    private static final String HEADER = "source,layer,kv_head,tokens,after_step,after_layer";

    @Override
    public String name() {
        return "csv";
    }

    @Override
    public String losses() {
        return "loses the geometry, method, budget, ledger and provenance; the table cannot be imported again";
    }

    @Override
    public void write(Schedule schedule, Path file) {
        Geometry geometry = schedule.geometry();
        Map<List<Integer>, EvictScale> evictions = new HashMap<>();
        StringBuilder capacities = new StringBuilder();
        StringBuilder keepings = new StringBuilder();
        boolean ofHeads = schedule.rules().stream().anyMatch(rule -> rule instanceof Capacity c && c.ofOneHead());
        for (Rule rule : schedule.rules()) {
            switch (rule) {
                case Capacity capacity -> {
                    int first = capacity.ofOneHead() ? capacity.kvHead() : 0;
                    int heads = capacity.ofOneHead() ? 1 : ofHeads ? geometry.kvHeads() : 0;
                    if (heads == 0) {
                        capacities.append(row(capacity.step(), capacity.layer(), capacity.tokens()));
                    }
                    for (int head = first; head < first + heads; head++) {
                        capacities.append(row(capacity.step(), capacity.layer(), head, capacity.tokens()));
                    }
                }
                case HeadKeeps head -> keepings.append(KeepingCsv.row(head));
                case EvictScale evict -> evictions.put(List.of(evict.source(), evict.layer(), evict.kvHead()), evict);
            }
        }
        if (geometry.raster() != null) {
            AtomicFile.write(file, KeepingCsv.HEADER + keepings);
            return;
        }
        if (!capacities.isEmpty()) {
            if (!evictions.isEmpty()) {
                throw new InputRefused("this schedule has evictions of scales and capacities, expected one of the two");
            }
            AtomicFile.write(file, (ofHeads ? OF_HEADS : CAPACITIES) + "\n" + capacities);
            return;
        }
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        for (int source = 0; source < geometry.steps().size() - 1; source++) {
            for (int layer = 0; layer < geometry.layers(); layer++) {
                for (int head = 0; head < geometry.kvHeads(); head++) {
                    EvictScale evict = evictions.get(List.of(source, layer, head));
                    text.append(source)
                            .append(',')
                            .append(layer)
                            .append(',')
                            .append(head)
                            .append(',')
                            .append(geometry.tokens(source))
                            .append(',')
                            .append(evict == null ? "" : evict.afterStep())
                            .append(',')
                            .append(evict == null ? "" : evict.afterLayer())
                            .append('\n');
                }
            }
        }
        AtomicFile.write(file, text.toString());
    }

    private static String row(int... numbers) {
        return Arrays.stream(numbers).mapToObj(Integer::toString).collect(Collectors.joining(",")) + "\n";
    }
}
