package org.headwise.schedules.exchange;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * one row per step and layer that has one.
 */
public final class CsvFile implements ScheduleExporter {
    private static final String CAPACITIES = "step,layer,tokens";
    private static final String HEADS = "layer,kv_head,keeps";
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
        StringBuilder heads = new StringBuilder();
        for (Rule rule : schedule.rules()) {
            switch (rule) {
                case Capacity capacity ->
                    capacities
                            .append(capacity.step())
                            .append(',')
                            .append(capacity.layer())
                            .append(',')
                            .append(capacity.tokens())
                            .append('\n');
                case HeadKeeps head ->
                    heads.append(head.layer())
                            .append(',')
                            .append(head.kvHead())
                            .append(",\"")
                            .append(head.keeping())
                            .append("\"\n");
                case EvictScale evict -> evictions.put(List.of(evict.source(), evict.layer(), evict.kvHead()), evict);
            }
        }
        if (geometry.raster() != null) {
            AtomicFile.write(file, HEADS + "\n" + heads);
            return;
        }
        if (!capacities.isEmpty()) {
            if (!evictions.isEmpty()) {
                throw new InputRefused("this schedule has evictions of scales and capacities, expected one of the two");
            }
            AtomicFile.write(file, CAPACITIES + "\n" + capacities);
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
}
