package org.headwise.workbench;

import java.util.List;
import org.headwise.analysis.Statistics;
import org.headwise.attention.AttentionObserver;
import org.headwise.attention.FullCache;
import org.headwise.calibrate.CombinedObserver;
import org.headwise.datasets.PromptSet;
import org.headwise.model.Generation;
import org.headwise.model.ImageModel;
import org.headwise.model.Request;

/** What watching costs: images drawn while all statistics are measured, against the same images without hooks. */
final class HookBench {
    private static final int WARM = 10;

    private HookBench() {}

    /**
     * Seconds per image: a calibration, which decodes no images, against drawing them with and without decoding.
     * Medians over the prompts; the three take turns, so that other work on the machine meets all of them.
     */
    static List<BenchRow> run(ImageModel model, PromptSet prompts) {
        AttentionObserver observer = new CombinedObserver(List.copyOf(Statistics.all(model.geometry())));
        int count = prompts.prompts().size();
        double[] drawn = new double[count];
        double[] undecoded = new double[count];
        double[] watched = new double[count];
        for (int i = -WARM; i < count; i++) {
            String prompt = prompts.prompts().get(Math.max(0, i));
            long seed = i;
            double first = Stopwatch.once(() -> draw(model, prompt, seed, true, null));
            double second = Stopwatch.once(() -> draw(model, prompt, seed, false, null));
            double third = Stopwatch.once(() -> draw(model, prompt, seed, false, observer));
            if (i >= 0) {
                drawn[i] = first;
                undecoded[i] = second;
                watched[i] = third;
            }
        }
        return List.of(row("images without hooks", watched, drawn), row("the same, not decoded", watched, undecoded));
    }

    private static BenchRow row(String against, double[] watched, double[] other) {
        return BenchRow.seconds("calibration, all statistics", watched, "s per image", against, other);
    }

    /** Draws one image. */
    static Generation draw(ImageModel model, String prompt, long seed, boolean decoded, AttentionObserver observer) {
        Request usual = Request.of(List.of(prompt), List.of(seed), model.sampling());
        Request request = decoded ? usual : usual.undecoded();
        try (FullCache cache = new FullCache()) {
            return model.generate(request, cache, observer);
        }
    }
}
