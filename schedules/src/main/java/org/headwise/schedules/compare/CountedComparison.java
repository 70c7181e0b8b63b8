package org.headwise.schedules.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.headwise.attention.FullCache;
import org.headwise.attention.KvCache;
import org.headwise.datasets.PromptSet;
import org.headwise.files.Progress;
import org.headwise.model.Geometry;
import org.headwise.model.GeometryJson;
import org.headwise.model.ImageModel;
import org.headwise.model.Request;
import org.headwise.model.Sampling;
import org.headwise.schedules.compare.ScheduleComparison.Counted;
import org.headwise.schedules.runtime.Caches;
import org.headwise.schedules.runtime.Storage;

/**
 * Runs the caches of schedules and compares the tokens that they really hold. All of them are fed the ids of the full
 * cache's image, so that they differ by their choices and not by what was drawn before.
 *
 * @param name of the model, as files call it
 * @param seed of the first prompt; the next one has the next
 */
public record CountedComparison(
        ImageModel model, String name, PromptSet prompts, Sampling sampling, long seed, Storage storage) {
    /**
     * Runs every prompt with the full cache and under every schedule.
     *
     * @throws org.headwise.files.InputRefused if the schedules are for another model, or fewer than two
     */
    public ScheduleComparison run(List<NamedSchedule> schedules, Progress progress) {
        Geometry geometry = ScheduleComparison.oneGeometry(schedules);
        GeometryJson.requireSame(
                model.geometry(), geometry, schedules.getFirst().file());
        ComparisonSums sums = new ComparisonSums(schedules.size(), geometry);
        long[] peaks = new long[schedules.size()];
        int rows = 0;
        progress.start("comparing", prompts.prompts().size());
        try {
            for (int prompt = 0; prompt < prompts.prompts().size(); prompt++) {
                List<HeldRecorder> held = held(prompt, schedules);
                for (int i = 0; i < peaks.length; i++) {
                    peaks[i] = Math.max(peaks[i], held.get(i).ledger().peak());
                }
                rows = held.getFirst().rows();
                add(sums, held);
                progress.step(prompt + 1);
            }
        } finally {
            progress.finish();
        }
        List<Long> allocated = java.util.Arrays.stream(peaks).boxed().toList();
        Counted counted = new Counted(name, prompts.name(), prompts.prompts().size(), rows, storage.name(), allocated);
        return ScheduleComparison.of(schedules, geometry, sums, Optional.of(counted));
    }

    private List<HeldRecorder> held(int prompt, List<NamedSchedule> schedules) {
        Request request = Request.of(List.of(prompts.prompts().get(prompt)), List.of(seed + prompt), sampling);
        List<int[]> ids;
        try (KvCache full = new FullCache()) {
            ids = model.generate(request.forcing(List.of()), full, null).ids();
        }
        List<HeldRecorder> recorders = new ArrayList<>();
        for (NamedSchedule one : schedules) {
            try (HeldRecorder recorder = new HeldRecorder(Caches.of(one.schedule(), storage))) {
                model.generate(request.forcing(ids), recorder, null);
                recorders.add(recorder);
            }
        }
        return recorders;
    }

    private static void add(ComparisonSums sums, List<HeldRecorder> held) {
        Geometry geometry = held.getFirst().geometry();
        Axes axes = Axes.of(geometry);
        for (int row = 0; row < held.getFirst().rows(); row++) {
            sums.begin(axes);
            for (int s = 0; s < axes.steps().size(); s++) {
                for (int layer = 0; layer < geometry.layers(); layer++) {
                    for (int head = 0; head < geometry.kvHeads(); head++) {
                        List<KnownTokens> now = new ArrayList<>();
                        for (HeldRecorder one : held) {
                            now.add(KnownTokens.exactly(one.held(s, row, layer, head)));
                        }
                        sums.add(axes, s, layer, head, now);
                    }
                }
            }
        }
    }
}
