package org.headwise.model;

import java.util.List;

/**
 * What to generate: one image per prompt, all in one batch.
 *
 * @param prompts the prompts
 * @param negativePrompt replaces the model's learnt unconditional text, or null
 * @param seeds one per prompt; a seed alone decides the random draws of its image
 * @param guidance classifier-free guidance per step; one value stands for all steps; 1 means none
 * @param temperature divides the logits, per step or one value for all
 * @param guidanceLayers 0 mixes on the logits; -n mixes hidden states after the block n from the end (Infinity's
 *     cfg_insertion_layer)
 * @param topK keep this many most likely choices; 1 is greedy, 0 keeps all
 * @param topP keep the most likely choices of this much probability; 0 or 1 keeps all
 * @param forced ids of the first steps, taken instead of the sampled ones ([batch, ids of the step] each), or empty
 * @param keepLogits whether the generation carries the logits of every step
 * @param decode whether to decode images
 */
public record Request(
        List<String> prompts,
        String negativePrompt,
        List<Long> seeds,
        List<Float> guidance,
        List<Float> temperature,
        List<Integer> guidanceLayers,
        int topK,
        float topP,
        List<int[]> forced,
        boolean keepLogits,
        boolean decode) {
    public Request {
        prompts = List.copyOf(prompts);
        seeds = List.copyOf(seeds);
        guidance = List.copyOf(guidance);
        temperature = List.copyOf(temperature);
        guidanceLayers = List.copyOf(guidanceLayers);
        forced = List.copyOf(forced);
        if (prompts.size() != seeds.size()) {
            throw new IllegalArgumentException(prompts.size() + " prompts but " + seeds.size() + " seeds");
        }
    }

    /** A request with the usual settings: guidance on logits, nothing forced, images decoded, no logits kept. */
    public static Request of(List<String> prompts, List<Long> seeds, Sampling sampling) {
        return new Request(
                prompts,
                null,
                seeds,
                List.of(sampling.guidance()),
                List.of(sampling.temperature()),
                List.of(0),
                sampling.topK(),
                sampling.topP(),
                List.of(),
                false,
                true);
    }

    /** The same request with these ids forced, logits kept and no image decoded: teacher forcing. */
    public Request forcing(List<int[]> ids) {
        return with(negativePrompt, ids, true, false);
    }

    /** The same request with the logits kept. */
    public Request keepingLogits() {
        return with(negativePrompt, forced, true, decode);
    }

    /** The same request without decoding images. */
    public Request undecoded() {
        return with(negativePrompt, forced, keepLogits, false);
    }

    /** The same request with a negative prompt, or with the model's own unconditional rows for null. */
    public Request against(String negative) {
        return with(negative, forced, keepLogits, decode);
    }

    private Request with(String negative, List<int[]> ids, boolean logits, boolean images) {
        return new Request(
                prompts, negative, seeds, guidance, temperature, guidanceLayers, topK, topP, ids, logits, images);
    }

    /** The same for some of the images, in the order given: what is drawn does not depend on the others. */
    public Request only(List<Integer> images) {
        return new Request(
                images.stream().map(prompts::get).toList(),
                negativePrompt,
                images.stream().map(seeds::get).toList(),
                guidance,
                temperature,
                guidanceLayers,
                topK,
                topP,
                forced.stream().map(ids -> only(images, ids)).toList(),
                keepLogits,
                decode);
    }

    private int[] only(List<Integer> images, int[] ids) {
        int each = ids.length / prompts.size();
        int[] some = new int[images.size() * each];
        for (int i = 0; i < images.size(); i++) {
            System.arraycopy(ids, images.get(i) * each, some, i * each, each);
        }
        return some;
    }
}
