package org.headwise.analysis;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.Guidance;
import org.headwise.calibrate.Sums;
import org.headwise.model.Geometry;

/**
 * Attention over the image grid of a few chosen image tokens: where the query that reads such a token looks. All other
 * queries are passed over. A map holds the token's own key and those before it, so that maps of early tokens are small.
 */
public final class TokenMaps implements Statistic {
    /** The setting that names the tokens, as {@link ChosenTokens#toString} writes them. */
    public static final String TOKENS = "map tokens";

    private final Geometry geometry;
    private final RasterDigests.Share shared;
    private final ChosenTokens tokens;
    private final int[] steps;
    /** Where in a cell's sums the map of a token begins; one more entry for the end of the last. */
    private final int[] starts;

    private final Sums sums = new Sums();
    private final double[] maps;
    private final double[] prompt;
    private final double[] queries;

    /** Of the {@link ChosenTokens#spread usual} tokens. */
    public TokenMaps(Geometry geometry) {
        this(new RasterDigests(geometry));
    }

    private TokenMaps(RasterDigests digests) {
        this(digests, ChosenTokens.spread(digests.geometry().raster()));
    }

    public TokenMaps(Geometry geometry, ChosenTokens tokens) {
        this(new RasterDigests(geometry), tokens);
    }

    private TokenMaps(RasterDigests digests, ChosenTokens tokens) {
        geometry = digests.geometry();
        shared = digests.share();
        this.tokens = tokens;
        steps = tokens.steps();
        starts = new int[steps.length + 1];
        for (int i = 0; i < steps.length; i++) {
            starts[i + 1] = starts[i] + steps[i];
        }
        int layers = geometry.layers();
        int heads = geometry.heads();
        maps = sums.define("maps", layers, heads, 2, starts[steps.length]);
        prompt = sums.define("prompt", layers, heads, 2, steps.length);
        queries = sums.define("queries", layers, heads, 2, steps.length);
    }

    /** Of the tokens that the settings name, or else of the usual ones. */
    static TokenMaps of(RasterDigests digests, Map<String, String> settings) {
        String chosen = settings.get(TOKENS);
        return chosen == null
                ? new TokenMaps(digests)
                : new TokenMaps(
                        digests, ChosenTokens.parse(chosen, digests.geometry().raster()));
    }

    @Override
    public String name() {
        return "token-maps";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Map<String, String> settings() {
        return Map.of(TOKENS, tokens.toString());
    }

    @Override
    public Geometry geometry() {
        return geometry;
    }

    @Override
    public String title() {
        return "Token maps";
    }

    @Override
    public Sums sums() {
        return sums;
    }

    /** The tokens that maps are kept of. */
    public ChosenTokens tokens() {
        return tokens;
    }

    @Override
    public boolean wants(Guidance guidance) {
        return true;
    }

    @Override
    public void observe(AttentionBlock block) {
        int chosen = Arrays.binarySearch(steps, block.step());
        if (chosen < 0) {
            return;
        }
        RasterDigest digest = shared.of(block);
        int cell = digest.cell();
        queries[cell * steps.length + chosen]++;
        prompt[cell * steps.length + chosen] += digest.promptMass();
        float[] p = digest.rows();
        int from = digest.at(0) + digest.promptTokens();
        int to = cell * starts[steps.length] + starts[chosen];
        for (int key = 0; key < steps[chosen]; key++) {
            maps[to + key] += p[from + key];
        }
    }

    /**
     * Mean mass of a chosen token's query by image token, itself last: [token + 1] in raster order. With
     * {@link #promptMass} it adds up to 1; NaN where nothing was observed.
     *
     * @param token one of {@link #tokens}
     * @throws IllegalArgumentException if the token was not chosen
     */
    public double[] map(int layer, int head, Guidance guidance, int token) {
        int chosen = chosen(token);
        int cell = GuidedColumns.cell(geometry, layer, head, guidance);
        int from = cell * starts[steps.length] + starts[chosen];
        double[] mean = Arrays.copyOfRange(maps, from, from + steps[chosen]);
        for (int key = 0; key < mean.length; key++) {
            mean[key] /= queries[cell * steps.length + chosen];
        }
        return mean;
    }

    /** Mean mass of a chosen token's query on the prompt, a share; NaN where nothing was observed. */
    public double promptMass(int layer, int head, Guidance guidance, int token) {
        int at = GuidedColumns.cell(geometry, layer, head, guidance) * steps.length + chosen(token);
        return prompt[at] / queries[at];
    }

    private int chosen(int token) {
        int chosen = tokens.indexOf(token);
        if (chosen < 0) {
            throw new IllegalArgumentException("token " + token + " is none of " + tokens.tokens());
        }
        return chosen;
    }

    /** None: a map has no single number, and what the prompt and the token itself get is among {@link Landmarks}. */
    @Override
    public List<Column> columns() {
        return List.of();
    }
}
