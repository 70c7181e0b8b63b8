package org.headwise.workbench;

import java.util.ArrayList;
import java.util.List;
import org.headwise.model.ImageModel;

/** Where the time of drawing one image goes. */
final class ModelBench {
    private static final String WHOLE = "the whole image";

    private ModelBench() {}

    static List<BenchRow> run(ImageModel model, String prompt, Rounds rounds) {
        List<Double> attention = new ArrayList<>();
        double[][] seconds = rounds.seconds(
                () -> HookBench.draw(model, prompt, 1, true, null),
                () -> attention.add(
                        HookBench.draw(model, prompt, 1, false, null).attentionNanos() * 1e-9));
        double[] attending = new double[rounds.count()];
        double[] decoding = new double[rounds.count()];
        double[] rest = new double[rounds.count()];
        for (int round = 0; round < rounds.count(); round++) {
            // A round of very short work draws several times; the last of them stands for it.
            attending[round] = attention.get(attention.size() - rounds.count() + round);
            decoding[round] = Math.max(0, seconds[0][round] - seconds[1][round]);
            rest[round] = Math.max(0, seconds[1][round] - attending[round]);
        }
        int tokens = 0;
        for (int step = 0; step < model.geometry().steps().size(); step++) {
            tokens += model.geometry().tokens(step);
        }
        return List.of(
                BenchRow.seconds("one image", seconds[0]),
                BenchRow.seconds("  transformer without attention, text, sampling", rest, "s", WHOLE, seconds[0]),
                BenchRow.seconds("  self-attention", attending, "s", WHOLE, seconds[0]),
                BenchRow.seconds("  decoding of the image", decoding, "s", WHOLE, seconds[0]),
                BenchRow.rate(tokens + " tokens, not decoded", tokens, seconds[1], "tokens/s", null, 0, null));
    }
}
