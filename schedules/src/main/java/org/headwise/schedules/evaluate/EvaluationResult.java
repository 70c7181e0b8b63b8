package org.headwise.schedules.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;

/**
 * What an evaluation measured so far, prompt by prompt.
 *
 * @param variants the compared caches, in the order given
 * @param prompts the finished prompts, in order
 */
public record EvaluationResult(
        Geometry geometry, Provenance provenance, List<VariantInfo> variants, List<PromptResult> prompts) {
    /**
     * A compared cache without its code.
     *
     * @param budget asked share of the full cache
     * @param meanings predicted tokens of one batch row, by the meaning that a budget can have; empty if not known
     */
    public record VariantInfo(String name, String method, double budget, Map<String, Long> meanings) {
        public VariantInfo {
            meanings = new TreeMap<>(meanings);
        }
    }

    /**
     * One prompt.
     *
     * @param full the full cache against itself: its bytes and times
     * @param compressed by name of the variant
     */
    public record PromptResult(int index, String prompt, long seed, Fidelity full, Map<String, Fidelity> compressed) {
        public PromptResult {
            compressed = new TreeMap<>(compressed);
        }
    }

    public EvaluationResult {
        variants = List.copyOf(variants);
        prompts = List.copyOf(prompts);
    }

    /** This result with one more prompt. */
    EvaluationResult with(PromptResult more) {
        List<PromptResult> all = new ArrayList<>(prompts);
        all.add(more);
        return new EvaluationResult(geometry, provenance, variants, all);
    }

    /** A measure of one variant over all prompts that have it; NaN stands for none. */
    public Summary summary(String variant, ToDoubleFunction<Fidelity> measure) {
        return Summary.of(prompts.stream()
                .map(prompt -> measure.applyAsDouble(prompt.compressed().get(variant)))
                .filter(value -> !value.isNaN())
                .toList());
    }

    /** The same of the full cache. */
    public Summary full(ToDoubleFunction<Fidelity> measure) {
        return Summary.of(prompts.stream()
                .map(prompt -> measure.applyAsDouble(prompt.full()))
                .filter(value -> !value.isNaN())
                .toList());
    }
}
