package org.headwise.workbench;

import java.util.ArrayList;
import java.util.List;
import org.headwise.analysis.Statistics;
import org.headwise.attention.AttentionObserver;
import org.headwise.attention.FullCache;
import org.headwise.calibrate.CombinedObserver;
import org.headwise.datasets.PromptSet;
import org.headwise.model.ImageModel;
import org.headwise.model.Request;

/** What watching costs: images drawn while all statistics are measured, against the same images without hooks. */
final class HookBench {
    private static final int WARM = 10;

    private HookBench() {}

    /** Seconds per image, decoding left out of both, medians over {@code prompts}. */
    static List<BenchRow> run(ImageModel model, PromptSet prompts) {
        AttentionObserver observer = new CombinedObserver(List.copyOf(Statistics.all(model.geometry())));
        for (int i = 0; i < WARM; i++) {
            draw(model, prompts.prompts().getFirst(), i, null);
            draw(model, prompts.prompts().getFirst(), i, observer);
        }
        int count = prompts.prompts().size();
        double[] plain = new double[count];
        double[] watched = new double[count];
        double[] ratios = new double[count];
        for (int i = 0; i < count; i++) {
            String prompt = prompts.prompts().get(i);
            long seed = i;
            plain[i] = Stopwatch.once(() -> draw(model, prompt, seed, null));
            watched[i] = Stopwatch.once(() -> draw(model, prompt, seed, observer));
            ratios[i] = watched[i] / plain[i];
        }
        List<BenchRow> rows = new ArrayList<>();
        rows.add(new BenchRow(
                "calibration, all statistics",
                Stopwatch.median(watched),
                "s per image",
                "no hooks",
                Stopwatch.median(plain),
                Stopwatch.median(ratios)));
        return rows;
    }

    private static void draw(ImageModel model, String prompt, long seed, AttentionObserver observer) {
        Request usual = Request.of(List.of(prompt), List.of(seed), model.sampling());
        Request plain = new Request(
                usual.prompts(),
                null,
                usual.seeds(),
                usual.guidance(),
                usual.temperature(),
                usual.guidanceLayers(),
                usual.topK(),
                usual.topP(),
                List.of(),
                false,
                false);
        try (FullCache cache = new FullCache()) {
            model.generate(plain, cache, observer);
        }
    }
}
