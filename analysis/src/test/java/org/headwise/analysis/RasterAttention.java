package org.headwise.analysis;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.AttentionObserver;
import org.headwise.attention.Guidance;
import org.headwise.attention.KeyRun;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.files.Json;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import tools.jackson.databind.JsonNode;

/**
 * Attention of a raster model, drawn at random or recorded of the original program, and handed over as the engine does.
 *
 * @param geometry of the generation, with its prompt
 * @param rows batch rows: conditional and unconditional in turn
 * @param rest [tokens of the image, layers, rows, heads, positions]; in row 0 the last query of the prompt
 * @param prefill [layers, rows, heads, prompt tokens, prompt tokens]
 */
record RasterAttention(Geometry geometry, int rows, float[] rest, float[] prefill) {
    /** Shared by the tests: an image of 3 x 4 tokens, to tell rows from columns. */
    static final Geometry SMALL = Geometry.raster("janus", 2, 3, 1, 4, new Grid(3, 4));

    static RasterAttention random(Geometry model, int promptTokens, int images, long seed) {
        Geometry geometry = model.withPrompt(promptTokens);
        Random random = new Random(seed);
        int positions = geometry.totalTokens();
        int steps = geometry.steps().size();
        int heads = geometry.layers() * 2 * images * geometry.heads();
        float[] rest = new float[steps * heads * positions];
        for (int i = 0; i < steps * heads; i++) {
            fill(rest, i * positions, promptTokens + i / heads, random);
        }
        float[] prefill = new float[heads * promptTokens * promptTokens];
        for (int i = 0; i < heads * promptTokens; i++) {
            fill(prefill, i * promptTokens, i % promptTokens + 1, random);
        }
        return new RasterAttention(geometry, 2 * images, rest, prefill);
    }

    private static void fill(float[] into, int at, int keys, Random random) {
        double[] weights = random.doubles(keys)
                .map(u -> Math.exp(3 * Math.sqrt(2) * (2 * u - 1)))
                .toArray();
        double sum = Arrays.stream(weights).sum();
        for (int k = 0; k < keys; k++) {
            into[at + k] = (float) (weights[k] / sum);
        }
    }

    /** What is recorded of the original program; its statistics can be read with {@link #recorded(String, String)}. */
    static RasterAttention recorded(String name) {
        JsonNode inputs = Json.read(file(name + ".json")).get("inputs");
        Grid image =
                new Grid(inputs.get("grid_h").intValue(), inputs.get("grid_w").intValue());
        try (Checkpoint checkpoint = Checkpoints.open(file(name + ".safetensors"))) {
            long[] shape = checkpoint.get("attn").shape();
            Geometry geometry = Geometry.raster("janus", (int) shape[1], (int) shape[3], (int) shape[3], 4, image)
                    .withPrompt(inputs.get("prompts").get(0).size());
            return new RasterAttention(
                    geometry,
                    (int) shape[2],
                    checkpoint.get("attn").toTensor().data(),
                    checkpoint.get("prefill_attn").toTensor().data());
        }
    }

    /** What is recorded of LlamaGen, whose class is a prompt of one token and whose conditional rows all come first. */
    static RasterAttention recordedOfClasses(String name) {
        JsonNode inputs = Json.read(file(name + ".json")).get("inputs");
        Grid image = new Grid(inputs.get("grid").intValue(), inputs.get("grid").intValue());
        try (Checkpoint checkpoint = Checkpoints.open(file(name + ".safetensors"))) {
            int[] shape = Arrays.stream(checkpoint.get("attn").shape())
                    .mapToInt(Math::toIntExact)
                    .toArray();
            float[] found = checkpoint.get("attn").toTensor().data();
            float[] interleaved = new float[found.length];
            int size = shape[3] * shape[4];
            int images = shape[2] / 2;
            for (int block = 0; block < shape[0] * shape[1]; block++) {
                for (int row = 0; row < shape[2]; row++) {
                    int to = 2 * (row % images) + row / images;
                    System.arraycopy(
                            found, (block * shape[2] + row) * size, interleaved, (block * shape[2] + to) * size, size);
                }
            }
            Geometry geometry = Geometry.raster("llamagen", shape[1], shape[3], shape[3], 16, image)
                    .withPrompt(1);
            return new RasterAttention(geometry, shape[2], interleaved, new float[0]);
        }
    }

    /** A tensor of a recorded case. */
    static double[] recorded(String name, String tensor) {
        try (Checkpoint checkpoint = Checkpoints.open(file(name + ".safetensors"))) {
            return checkpoint.get(tensor).toDoubles();
        }
    }

    private static Path file(String name) {
        try {
            return Path.of(RasterAttention.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Probability of a key, by position, for the query that predicts an image token. */
    double p(int token, int layer, int row, int head, int key) {
        return rest[at(token, layer, row, head) + key];
    }

    /** Probability of a prompt key for a query of the prompt. */
    double prefill(int layer, int row, int head, int query, int key) {
        int prompt = geometry.promptTokens();
        return prefill[(((layer * rows + row) * geometry.heads() + head) * prompt + query) * prompt + key];
    }

    private int at(int token, int layer, int row, int head) {
        return (((token * geometry.layers() + layer) * rows + row) * geometry.heads() + head) * geometry.totalTokens();
    }

    /** Hands everything over, the prompt in blocks of so many queries, rows {@code padding} numbers longer than need be. */
    void feed(AttentionObserver observer, int queriesPerBlock, int padding) {
        for (int step = 0; step < geometry.steps().size(); step++) {
            for (int l = 0; l < geometry.layers(); l++) {
                for (int h = 0; h < geometry.heads(); h++) {
                    for (int row = 0; row < rows; row++) {
                        feed(observer, step, l, row, h, queriesPerBlock, padding);
                    }
                }
            }
        }
    }

    void feed(AttentionObserver observer, int step, int layer, int row, int head, int queriesPerBlock, int padding) {
        int queries = geometry.tokens(step);
        int keys = geometry.firstToken(step + 1);
        for (int first = 0; first < queries; first += queriesPerBlock) {
            int count = Math.min(queriesPerBlock, queries - first);
            int stride = keys + padding;
            float[] block = new float[count * stride];
            Arrays.fill(block, Float.NaN);
            for (int q = 0; q < count; q++) {
                boolean last = first + q == queries - 1;
                int from = last ? at(step, layer, row, head) : prefillAt(layer, row, head, first + q);
                System.arraycopy(last ? rest : prefill, from, block, q * stride, keys);
            }
            observer.observe(new AttentionBlock(
                    geometry,
                    row / 2,
                    row % 2 == 0 ? Guidance.CONDITIONAL : Guidance.UNCONDITIONAL,
                    layer,
                    head,
                    step,
                    first,
                    count,
                    keys,
                    runs(step),
                    block,
                    stride));
        }
    }

    private int prefillAt(int layer, int row, int head, int query) {
        int prompt = geometry.promptTokens();
        return (((layer * rows + row) * geometry.heads() + head) * prompt + query) * prompt;
    }

    private List<KeyRun> runs(int step) {
        List<KeyRun> runs = new ArrayList<>();
        for (int s = 0; s <= step; s++) {
            runs.add(new KeyRun(s, 0, geometry.tokens(s)));
        }
        return runs;
    }
}
