package org.headwise.model.infinity;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.headwise.attention.AttentionEngine;
import org.headwise.attention.BatchRow;
import org.headwise.attention.FullCache;
import org.headwise.attention.Guidance;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.model.infinity.InfinityTransformer.CrossPrecision;
import org.headwise.model.infinity.InfinityTransformer.Pass;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;
import org.headwise.tensor.Tensor;

/** Drives one block of an Infinity transformer with given inputs over some scales, for conformance checks. */
public final class BlockReplay {
    private static final Pattern BLOCK =
            Pattern.compile("(?:block_chunks\\.(\\d+)\\.module|blocks)\\.(\\d+)\\.ada_gss");

    /**
     * @param outputs per scale [rows, tokens, width]
     * @param keys all cached keys after the last scale, [rows, heads, tokens, head width]
     * @param values likewise
     */
    public record Outcome(List<Tensor> outputs, Tensor keys, Tensor values) {}

    private final List<String> prefixes;
    private final String origin;
    private final InfinityWeights weights;
    private final InfinityConfig config;
    private final Engine engine;
    private final InfinityTransformer transformer;

    public BlockReplay(Checkpoint checkpoint, InfinityConfig config, Engine engine) {
        this.config = config;
        this.engine = engine;
        this.origin = checkpoint.origin();
        prefixes = checkpoint.names().stream()
                .map(BLOCK::matcher)
                .filter(Matcher::matches)
                .sorted(Comparator.comparingInt((Matcher m) -> m.group(1) == null ? 0 : Integer.parseInt(m.group(1)))
                        .thenComparingInt(m -> Integer.parseInt(m.group(2))))
                .map(m -> m.group().replaceAll("ada_gss$", ""))
                .toList();
        weights = new InfinityWeights(checkpoint, engine, DType.F32);
        transformer = new InfinityTransformer(
                weights, config.levelEmbedding(), CrossPrecision.FLOAT32, engine, new AttentionEngine(engine));
    }

    /**
     * Runs one block.
     *
     * @param prefix of the block's tensors, such as {@code block_chunks.0.module.1.}
     * @param modulation shared AdaLN output [rows, 1, 6, width]
     * @param text projected text tokens of the rows
     * @param largest the last grid of the template's 1M schedule
     * @param inputs per scale [rows, tokens, width], without level embedding
     */
    public Outcome run(
            String prefix,
            Tensor modulation,
            TextFeatures text,
            List<Grid> schedule,
            Grid largest,
            List<Tensor> inputs) {
        int layer = prefixes.indexOf(prefix);
        if (layer < 0) {
            throw new InputRefused(origin + ": there is no block " + prefix);
        }
        int rows = text.texts();
        if (modulation.size() != rows * 6 * weights.width || inputs.isEmpty() || inputs.size() > schedule.size()) {
            throw new InputRefused("the block's inputs do not fit " + rows + " texts, width " + weights.width + " and "
                    + schedule.size() + " scales");
        }
        Geometry geometry = new Geometry(
                "infinity",
                weights.blocks.size(),
                weights.heads,
                weights.heads,
                weights.width / weights.heads,
                schedule);
        List<Tensor> outputs = new ArrayList<>();
        Map<String, Tensor> seen = new HashMap<>();
        try (FullCache cache = new FullCache()) {
            cache.begin(geometry, rows);
            Pass pass = new Pass(
                    geometry,
                    new TextCondition(null, modulation.reshape(rows, 6 * weights.width), text),
                    transformer.textKeys(text),
                    Rope2d.schedule(schedule, largest, weights.width / weights.heads, config.ropeMode()),
                    IntStream.range(0, rows)
                            .mapToObj(row -> new BatchRow(row, Guidance.CONDITIONAL))
                            .toList(),
                    cache,
                    null,
                    (name, value) -> seen.put(name.substring(name.lastIndexOf('.') + 1), value.copy()));
            for (int step = 0; step < inputs.size(); step++) {
                if (inputs.get(step).size() != rows * geometry.tokens(step) * weights.width) {
                    throw new InputRefused("the input of scale " + step + " is " + inputs.get(step) + ", expected ["
                            + rows + ", " + geometry.tokens(step) + ", " + weights.width + "]");
                }
                Tensor x = inputs.get(step).copy();
                transformer.block(pass, step, layer, x);
                outputs.add(x);
            }
        }
        return new Outcome(outputs, seen.get("k_all"), seen.get("v_all"));
    }
}
