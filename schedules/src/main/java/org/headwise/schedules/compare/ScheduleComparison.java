package org.headwise.schedules.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.GeometryJson;
import org.headwise.schedules.runtime.Footprint;

/**
 * Schedules for one model side by side; the first one is the reference.
 *
 * @param pairs every pair once, the earlier schedule first
 * @param counted how it was counted which tokens are held, if caches were run; else all is predicted from the files
 */
public record ScheduleComparison(
        Geometry geometry, Axes axes, List<Compared> schedules, List<PairOverlap> pairs, Optional<Counted> counted) {
    /**
     * Caches that were run.
     *
     * @param peakBytes by schedule, the most that was allocated at any moment of any prompt
     * @param rows batch rows of a generation
     */
    public record Counted(String model, String promptSet, int prompts, int rows, String storage, List<Long> peakBytes) {
        public Counted {
            peakBytes = List.copyOf(peakBytes);
        }
    }

    public ScheduleComparison {
        schedules = List.copyOf(schedules);
        pairs = List.copyOf(pairs);
    }

    /**
     * Compares what is known of schedules without running them.
     *
     * @throws InputRefused if there are fewer than two, or if they are for different geometries
     */
    public static ScheduleComparison predicted(List<NamedSchedule> schedules) {
        Geometry geometry = oneGeometry(schedules);
        Axes axes = Axes.of(geometry);
        ComparisonSums sums = new ComparisonSums(schedules.size(), geometry);
        List<HeldTokens> held =
                schedules.stream().map(one -> new HeldTokens(one.schedule())).toList();
        sums.begin(axes);
        for (int layer = 0; layer < geometry.layers(); layer++) {
            for (int head = 0; head < geometry.kvHeads(); head++) {
                int l = layer;
                int h = head;
                List<List<KnownTokens>> after =
                        held.stream().map(one -> one.after(l, h)).toList();
                for (int s = 0; s < axes.steps().size(); s++) {
                    int step = axes.steps().get(s);
                    List<KnownTokens> now =
                            after.stream().map(steps -> steps.get(step)).toList();
                    sums.add(axes, s, layer, head, now);
                }
            }
        }
        return of(schedules, geometry, sums, Optional.empty());
    }

    static ScheduleComparison of(
            List<NamedSchedule> schedules, Geometry geometry, ComparisonSums sums, Optional<Counted> counted) {
        List<Compared> compared = new ArrayList<>();
        for (int i = 0; i < schedules.size(); i++) {
            NamedSchedule one = schedules.get(i);
            compared.add(new Compared(
                    one.name(),
                    one.file(),
                    one.schedule(),
                    Footprint.of(one.schedule()),
                    sums.kept().get(i)));
        }
        return new ScheduleComparison(geometry, Axes.of(geometry), compared, sums.overlaps(), counted);
    }

    /** The geometry that all have. */
    static Geometry oneGeometry(List<NamedSchedule> schedules) {
        if (schedules.size() < 2) {
            throw new InputRefused("a comparison needs at least two schedules, found " + schedules.size());
        }
        Geometry geometry = schedules.getFirst().schedule().geometry();
        for (NamedSchedule other : schedules) {
            GeometryJson.requireSame(geometry, other.schedule().geometry(), other.file());
        }
        return geometry;
    }

    /** Whether every overlap is one number and not two bounds. */
    public boolean isExact() {
        return pairs.stream().allMatch(pair -> pair.steps().stream().allMatch(Overlap::isExact));
    }

    /** How far a schedule is from the reference in a meaning of its budget, as a share of the reference's. */
    public double difference(int schedule, Footprint.Meaning meaning) {
        long own = schedules.get(schedule).footprint().tokens(meaning);
        long reference = schedules.getFirst().footprint().tokens(meaning);
        return own == reference ? 0 : Math.abs(own - reference) / (double) reference;
    }
}
