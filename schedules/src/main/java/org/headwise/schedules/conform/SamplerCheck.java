package org.headwise.schedules.conform;

import org.headwise.checkpoint.StoredTensor;
import org.headwise.model.Sampler;
import tools.jackson.databind.JsonNode;

/** Kind {@code unit}, top-k and top-p masks and the probabilities behind them. */
final class SamplerCheck implements CaseCheck {
    @Override
    public boolean covers(RecordedCase recorded) {
        return recorded.kind().equals("unit")
                && recorded.has("cases")
                && recorded.tensorNames().stream().anyMatch(name -> name.endsWith(".masked"));
    }

    @Override
    public void check(RecordedCase recorded, Workshop workshop, Comparison out) {
        for (JsonNode part : recorded.get("cases")) {
            String name = part.path("name").asString("");
            StoredTensor stored = recorded.tensor(name + ".logits");
            float[] logits = stored.toFloats();
            int choices = part.path("V").asInt((int) stored.shape()[stored.shape().length - 1]);
            if (choices < 1 || logits.length % choices != 0) {
                throw recorded.refuse(name + " has " + choices + " choices, which do not divide its logits");
            }
            Sampler sampler = new Sampler(
                    part.path("top_k").asInt(0), (float) part.path("top_p").asDouble(0));
            float[] probabilities = new float[logits.length];
            for (int at = 0; at < logits.length; at += choices) {
                sampler.mask(logits, at, choices);
                System.arraycopy(Sampler.probabilities(logits, at, choices), 0, probabilities, at, choices);
            }
            out.close(
                    recorded.tensor(name + ".masked"),
                    logits,
                    recorded.toleranceIfAny("masked", "mask").orElse(Tolerance.EXACT));
            out.close(recorded.tensor(name + ".probs"), probabilities, recorded.tolerance("probs"));
        }
    }
}
