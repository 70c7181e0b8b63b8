package org.headwise.model;

/**
 * How ids are drawn, the same for all steps.
 *
 * @param guidance classifier-free guidance; 1 means none
 * @param temperature divides the logits
 * @param topK keep this many most likely choices; 1 is greedy, 0 keeps all
 * @param topP keep the most likely choices of this much probability; 0 or 1 keeps all
 */
public record Sampling(float guidance, float temperature, int topK, float topP) {
    public Sampling {
        if (!Float.isFinite(guidance) || !(temperature > 0) || !Float.isFinite(temperature)) {
            throw new IllegalArgumentException(
                    "guidance must be finite and temperature positive, got " + guidance + " and " + temperature);
        }
        if (topK < 0 || !(topP >= 0 && topP <= 1)) {
            throw new IllegalArgumentException(
                    "top-k must be at least 0 and top-p between 0 and 1, got " + topK + " and " + topP);
        }
    }
}
