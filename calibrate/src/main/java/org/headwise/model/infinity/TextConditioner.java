package org.headwise.model.infinity;

import org.headwise.attention.ArrayKeys;
import org.headwise.attention.AttentionEngine;
import org.headwise.model.ForwardProbe;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;

/** Text conditioning of Infinity: norm, attentive pooling for the first token, projection for cross attention. */
final class TextConditioner {
    private static final float EPSILON = 1e-6f;

    private final InfinityWeights weights;
    private final Engine engine;
    private final AttentionEngine attention;

    TextConditioner(InfinityWeights weights, Engine engine, AttentionEngine attention) {
        this.weights = weights;
        this.engine = engine;
        this.attention = attention;
    }

    /** Conditions the batch rows whose texts are given, conditional rows first. */
    TextCondition condition(TextFeatures rows, ForwardProbe probe) {
        Tensor normed = engine.rmsNorm(rows.features(), weights.textNorm, EPSILON);
        Tensor pooled = pool(new TextFeatures(normed, rows.ends()));
        Tensor projected = weights.textIn.apply(engine, normed);
        engine.gelu(projected);
        projected = weights.textOut.apply(engine, projected);
        Tensor active = pooled.copy();
        engine.silu(active);
        Tensor modulation = weights.sharedModulation.apply(engine, active);
        if (probe != null) {
            probe.see("text_normed", normed);
            probe.see("cond_BD", pooled);
            probe.see("text_ca", projected);
            probe.see("gss", modulation.reshape(rows.texts(), 1, 6, weights.width));
        }
        return new TextCondition(pooled, modulation, new TextFeatures(projected, rows.ends()));
    }

    /** One learnt query attends to each row's own text tokens. */
    private Tensor pool(TextFeatures text) {
        int rows = text.texts();
        int headWidth = weights.width / weights.poolHeads;
        Tensor queries = Tensor.zeros(rows, 1, weights.poolHeads, headWidth);
        for (int row = 0; row < rows; row++) {
            System.arraycopy(weights.poolQuery, 0, queries.data(), row * weights.width, weights.width);
        }
        ArrayKeys keys = new ArrayKeys(
                weights.poolText.keys().apply(engine, text.features()).data(),
                weights.poolText.values().apply(engine, text.features()).data(),
                text.ends(),
                weights.poolHeads,
                headWidth);
        Tensor pooled = attention.attend(keys, queries, (float) (1 / Math.sqrt(headWidth)), null);
        return weights.poolProjection.apply(engine, pooled.reshape(rows, weights.width));
    }
}
