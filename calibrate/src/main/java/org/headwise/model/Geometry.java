package org.headwise.model;

import java.util.List;
import org.headwise.files.Sha256;

/**
 * The shape of a model's KV cache: what a schedule must know of a model, and all it knows.
 *
 * @param family model family, for example {@code infinity}
 * @param layers attention layers
 * @param heads query heads of a layer
 * @param kvHeads key/value heads of a layer; divides {@code heads}
 * @param headDim numbers in one key of one head
 * @param steps token grids of the forward passes, in order
 */
public record Geometry(String family, int layers, int heads, int kvHeads, int headDim, List<Grid> steps) {
    public Geometry {
        if (layers < 1 || heads < 1 || kvHeads < 1 || headDim < 1 || heads % kvHeads != 0 || steps.isEmpty()) {
            throw new IllegalArgumentException("no such geometry: " + layers + " layers, " + heads + " heads, "
                    + kvHeads + " kv heads of " + headDim + ", " + steps.size() + " steps");
        }
        steps = List.copyOf(steps);
    }

    /** Tokens of one step. */
    public int tokens(int step) {
        return steps.get(step).tokens();
    }

    /** Tokens of all steps before {@code step}: the index of its first token. */
    public int firstToken(int step) {
        int sum = 0;
        for (int s = 0; s < step; s++) {
            sum += tokens(s);
        }
        return sum;
    }

    /** Tokens of all steps. */
    public int totalTokens() {
        return firstToken(steps.size());
    }

    /**
     * Tokens that the last step can find in the cache: all but its own. This is the full cache that a budget is a share
     * of (HeatKV's "peak incoming").
     */
    public int incomingTokens() {
        return firstToken(steps.size() - 1);
    }

    /** The canonical text that the fingerprint is taken of. */
    public String describe() {
        StringBuilder text = new StringBuilder(family)
                .append(" layers=")
                .append(layers)
                .append(" heads=")
                .append(heads)
                .append(" kvHeads=")
                .append(kvHeads)
                .append(" headDim=")
                .append(headDim)
                .append(" steps=");
        for (int s = 0; s < steps.size(); s++) {
            Grid grid = steps.get(s);
            text.append(s == 0 ? "" : ",").append(grid.height()).append('x').append(grid.width());
        }
        return text.toString();
    }

    /** First 16 hexadecimal digits of the SHA-256 of {@link #describe()}. */
    public String fingerprint() {
        return Sha256.of(describe()).substring(0, 16);
    }
}
