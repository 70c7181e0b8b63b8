package org.headwise.reports;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.headwise.model.Geometry;
import org.headwise.reports.RasterLook.Classes;
import org.headwise.schedules.HeadKeeps;
import org.headwise.schedules.Keeping;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.methods.Ssd;

/** Which heads the schedules of SSD take for semantic: those that keep heavy hitters. */
final class HeadClassReading {
    private HeadClassReading() {}

    /** Schedules that agree are one entry; those that keep everything tell no heads apart and have none. */
    static List<Classes> of(ReportSources sources) {
        List<boolean[][]> maps = new ArrayList<>();
        List<List<String>> names = new ArrayList<>();
        for (ReportSources.Planned planned : sources.schedules()) {
            Schedule schedule = planned.schedule();
            if (schedule.method().equals(Ssd.NAME) && !schedule.rules().isEmpty()) {
                boolean[][] semantic = semantic(schedule);
                int known = 0;
                while (known < maps.size() && !Arrays.deepEquals(maps.get(known), semantic)) {
                    known++;
                }
                if (known == maps.size()) {
                    maps.add(semantic);
                    names.add(new ArrayList<>());
                }
                names.get(known).add(planned.name());
            }
        }
        List<Classes> all = new ArrayList<>();
        for (int i = 0; i < maps.size(); i++) {
            all.add(new Classes(names.get(i), maps.get(i)));
        }
        return all;
    }

    /** Query heads that share a kv head are of its class. */
    private static boolean[][] semantic(Schedule schedule) {
        Geometry geometry = schedule.geometry();
        int group = geometry.heads() / geometry.kvHeads();
        boolean[][] semantic = new boolean[geometry.layers()][geometry.heads()];
        for (Rule rule : schedule.rules()) {
            if (rule instanceof HeadKeeps head && head.keeping() instanceof Keeping.Heaviest) {
                Arrays.fill(semantic[head.layer()], head.kvHead() * group, (head.kvHead() + 1) * group, true);
            }
        }
        return semantic;
    }
}
