package org.headwise.schedules.evaluate;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.headwise.model.Geometry;

/**
 * One prompt with a compressed cache, against the same seed with the full cache.
 *
 * @param psnr dB of the free-running picture; positive infinity when it is the very same
 * @param ssim of the free-running picture
 * @param agreement share of equal ids per step when running freely
 * @param divergence nats per id and step when both runs are fed the ids of the full one (teacher forcing)
 * @param peakBytes most KV cache allocated at any moment
 * @param endBytes KV cache allocated when each step was over
 * @param attentionSeconds time in self-attention of the free run
 * @param seconds time of the whole free run, decoding included
 * @param alignment of the free-running picture with its prompt; empty where the prompt describes no scene
 * @param processPeakBytes most memory that the whole process occupied during the free run; empty where the system does not
 *     tell
 */
public record Fidelity(
        double psnr,
        double ssim,
        List<Double> agreement,
        List<Double> divergence,
        long peakBytes,
        List<Long> endBytes,
        double attentionSeconds,
        double seconds,
        Optional<Alignment> alignment,
        OptionalLong processPeakBytes) {
    public Fidelity {
        agreement = List.copyOf(agreement);
        divergence = List.copyOf(divergence);
        endBytes = List.copyOf(endBytes);
    }

    /** Share of equal ids over all steps; a step counts by its tokens, which have the same number of ids each. */
    public double overallAgreement(Geometry geometry) {
        return weighted(agreement, geometry);
    }

    /** Nats per id over all steps, weighted as {@link #overallAgreement}. */
    public double overallDivergence(Geometry geometry) {
        return weighted(divergence, geometry);
    }

    /** Share of the prompt's attributes that the picture shows, 0 to 1; NaN where the prompt describes no scene. */
    public double aligned() {
        return alignment.map(Alignment::score).orElse(Double.NaN);
    }

    /** {@link #processPeakBytes} as a number; NaN where the system does not tell. */
    public double processPeak() {
        return processPeakBytes.isPresent() ? processPeakBytes.getAsLong() : Double.NaN;
    }

    private static double weighted(List<Double> values, Geometry geometry) {
        double sum = 0;
        for (int step = 0; step < values.size(); step++) {
            sum += values.get(step) * geometry.tokens(step);
        }
        return sum / geometry.totalTokens();
    }
}
