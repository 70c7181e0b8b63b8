package org.headwise.model.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.datasets.Picture;
import org.headwise.files.InputRefused;
import org.headwise.model.ForwardProbe;
import org.headwise.model.Grid;
import org.headwise.model.image.ImageLayers.Layer;
import org.headwise.tensor.Engine;
import org.headwise.tensor.NonFinite;
import org.headwise.tensor.Tensor;

/**
 * The VQ-16 decoder of LlamaGen and Janus: codebook ids to an RGB image. Depth and widths are those of the file. Level 0
 * is the lowest resolution; codebook rows are scaled to unit length when they are looked up.
 */
public final class VqDecoder {
    private static final float SHORTEST = 1e-12f;

    private record Stage(String name, Layer layer) {}

    private final float[] codebook;
    private final int codes;
    private final int channels;
    private final int doublings;
    private final List<Stage> stages = new ArrayList<>();

    /**
     * Makes a decoder of a file's tensors.
     *
     * @param prefix before all names of the image tokenizer, for example {@code gen_vision_model.}, or empty
     */
    public VqDecoder(Checkpoint file, String prefix, Engine engine) {
        file.requireAll(needed(file, prefix));
        StoredTensor table = file.get(prefix + "quantize.embedding.weight");
        if (table.shape().length != 2 || table.elements() == 0) {
            throw new InputRefused(
                    file.origin() + ": tensor " + table.name() + " is no table of codes, [codes, channels]");
        }
        codes = Math.toIntExact(table.shape()[0]);
        channels = Math.toIntExact(table.shape()[1]);
        codebook = unitRows(table.toFloats(), channels);
        ImageLayers layers = new ImageLayers(file, engine);
        String decoder = prefix + "decoder.";
        add("post_quant", layers.convolution(prefix + "post_quant_conv"));
        add("conv_in", layers.convolution(decoder + "conv_in"));
        add("mid_0", layers.residual(decoder + "mid.0"));
        add("mid_1", layers.attention(decoder + "mid.1"));
        add("mid_2", layers.residual(decoder + "mid.2"));
        int levels = count(file, decoder + "conv_blocks.");
        for (int level = 0; level < levels; level++) {
            String block = decoder + "conv_blocks." + level + ".";
            boolean attends = count(file, block + "attn.") > 0;
            int blocks = count(file, block + "res.");
            for (int j = 0; j < blocks; j++) {
                add("", layers.residual(block + "res." + j));
                if (attends) {
                    add("", layers.attention(block + "attn." + j));
                }
            }
            if (level < levels - 1) {
                add("", layers.doubling(block + "upsample.conv"));
            }
            add("level_" + level, x -> x);
        }
        doublings = levels - 1;
        Layer norm = layers.activatedNorm(decoder + "norm_out");
        Layer out = layers.convolution(decoder + "conv_out");
        add("image", x -> out.apply(norm.apply(x)));
    }

    private void add(String name, Layer layer) {
        stages.add(new Stage(name, layer));
    }

    /** Names of all tensors that decoding needs: what any decoder has, and every block that the file has a trace of. */
    public static List<String> needed(Checkpoint file, String prefix) {
        List<String> names = new ArrayList<>();
        names.add(prefix + "quantize.embedding.weight");
        affine(names, prefix, List.of("post_quant_conv", "decoder.conv_in", "decoder.norm_out", "decoder.conv_out"));
        String decoder = prefix + "decoder.";
        residual(file, names, decoder + "mid.0.");
        attention(names, decoder + "mid.1.");
        residual(file, names, decoder + "mid.2.");
        int levels = Math.max(1, count(file, decoder + "conv_blocks."));
        for (int level = 0; level < levels; level++) {
            String block = decoder + "conv_blocks." + level + ".";
            boolean attends = count(file, block + "attn.") > 0;
            int blocks = Math.max(Math.max(1, count(file, block + "attn.")), count(file, block + "res."));
            for (int j = 0; j < blocks; j++) {
                residual(file, names, block + "res." + j + ".");
                if (attends) {
                    attention(names, block + "attn." + j + ".");
                }
            }
            if (level < levels - 1) {
                affine(names, block, List.of("upsample.conv"));
            }
        }
        return names;
    }

    private static void residual(Checkpoint file, List<String> names, String prefix) {
        affine(names, prefix, List.of("norm1", "conv1", "norm2", "conv2"));
        long[] shape =
                file.find(prefix + "conv1.weight").map(StoredTensor::shape).orElse(new long[0]);
        if (shape.length == 4 && shape[0] != shape[1]) {
            affine(names, prefix, List.of("nin_shortcut"));
        }
    }

    private static void attention(List<String> names, String prefix) {
        affine(names, prefix, List.of("norm", "q", "k", "v", "proj_out"));
    }

    private static void affine(List<String> names, String prefix, List<String> layers) {
        for (String layer : layers) {
            names.add(prefix + layer + ".weight");
            names.add(prefix + layer + ".bias");
        }
    }

    /** One more than the largest number that follows {@code prefix} in a name of the file. */
    private static int count(Checkpoint file, String prefix) {
        Pattern numbered = Pattern.compile(Pattern.quote(prefix) + "([0-9]{1,4})\\..*");
        return file.names().stream()
                .map(numbered::matcher)
                .filter(Matcher::matches)
                .mapToInt(matcher -> 1 + Integer.parseInt(matcher.group(1)))
                .max()
                .orElse(0);
    }

    private static float[] unitRows(float[] table, int width) {
        for (int row = 0; row < table.length; row += width) {
            float sum = 0;
            for (int i = row; i < row + width; i++) {
                sum += table[i] * table[i];
            }
            float length = Math.max((float) Math.sqrt(sum), SHORTEST);
            for (int i = row; i < row + width; i++) {
                table[i] /= length;
            }
        }
        return table;
    }

    /** How many ids there are. */
    public int codes() {
        return codes;
    }

    /** Image pixels along each side of one id. */
    public int scale() {
        return 1 << doublings;
    }

    /**
     * Decodes images.
     *
     * @param ids [batch, tokens of the grid], row by row
     * @param probe sees {@code quant} and the output of every stage, or null
     * @return [batch, 3, H, W], nominally in [-1, 1] but not clamped
     */
    public Tensor decode(int[] ids, Grid grid, ForwardProbe probe) {
        Tensor x = lookUp(ids, grid);
        see(probe, "quant", x);
        for (Stage stage : stages) {
            x = stage.layer().apply(x);
            see(probe, stage.name(), x);
        }
        NonFinite.check(x.data(), "the levels of the decoded image");
        return x;
    }

    /**
     * Decodes one image after another: the maps of an image are far larger than its ids.
     *
     * @param ids [batch, tokens of the grid], row by row
     */
    public List<Picture> pictures(int[] ids, Grid grid) {
        List<Picture> pictures = new ArrayList<>();
        for (int from = 0; from < ids.length; from += grid.tokens()) {
            int to = Math.min(ids.length, from + grid.tokens());
            pictures.addAll(Pictures.of(decode(Arrays.copyOfRange(ids, from, to), grid, null)));
        }
        return pictures;
    }

    private static void see(ForwardProbe probe, String name, Tensor x) {
        if (probe != null && !name.isEmpty()) {
            probe.see(name, x);
        }
    }

    private Tensor lookUp(int[] ids, Grid grid) {
        int n = grid.tokens();
        if (ids.length == 0 || ids.length % n != 0) {
            throw new InputRefused(ids.length + " ids do not fill images of " + grid.height() + " x " + grid.width());
        }
        Tensor planes = Tensor.zeros(ids.length / n, channels, grid.height(), grid.width());
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= codes) {
                throw new InputRefused("image token " + ids[i] + " is none of the " + codes + " of the codebook");
            }
            for (int c = 0; c < channels; c++) {
                planes.data()[(i / n * channels + c) * n + i % n] = codebook[ids[i] * channels + c];
            }
        }
        return planes;
    }
}
