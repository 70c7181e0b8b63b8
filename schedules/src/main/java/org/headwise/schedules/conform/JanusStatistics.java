package org.headwise.schedules.conform;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.headwise.analysis.Landmarks;
import org.headwise.analysis.Neighbourhood;
import org.headwise.analysis.RasterDispersion;
import org.headwise.analysis.Received;
import org.headwise.analysis.Received.From;
import org.headwise.analysis.Recency;
import org.headwise.analysis.Sparsity;
import org.headwise.analysis.Statistic;
import org.headwise.analysis.Statistics;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.AttentionObserver;
import org.headwise.attention.Guidance;
import org.headwise.calibrate.CombinedObserver;
import org.headwise.model.Geometry;

/** The statistics of raster models, image by image, beside the recorded ones: tensors {@code stat_*}, [layers, rows, heads]. */
final class JanusStatistics implements AttentionObserver {
    private static final String PREFIX = "stat_";

    private final RecordedCase recorded;
    private final Map<Integer, OfImage> images = new ConcurrentHashMap<>();

    private record OfImage(Geometry geometry, List<Statistic> statistics, CombinedObserver observer) {
        static OfImage of(Geometry geometry) {
            List<Statistic> statistics = Statistics.all(geometry);
            return new OfImage(geometry, statistics, new CombinedObserver(List.copyOf(statistics)));
        }

        <T> T get(Class<T> kind) {
            return statistics.stream()
                    .filter(kind::isInstance)
                    .map(kind::cast)
                    .findFirst()
                    .orElseThrow();
        }

        /** A column of one guidance row: [layers * heads]. */
        double[] column(Class<? extends Statistic> kind, String name, Guidance guidance) {
            String wanted = guidance == Guidance.CONDITIONAL ? name : name + "_uncond";
            return get(kind).columns().stream()
                    .filter(column -> column.name().equals(wanted))
                    .findFirst()
                    .orElseThrow()
                    .values();
        }
    }

    /** The numbers of one guidance row of one image: [layers * heads * whatever follows]. */
    @FunctionalInterface
    private interface Numbers {
        double[] of(OfImage image, Guidance guidance);
    }

    JanusStatistics(RecordedCase recorded) {
        this.recorded = recorded;
    }

    @Override
    public void observe(AttentionBlock block) {
        images.computeIfAbsent(block.image(), _ -> OfImage.of(block.geometry()))
                .observer()
                .observe(block);
    }

    void compare(Comparison out) {
        compare(out, "prompt_mass", 1, column(Landmarks.class, "prompt"));
        compare(out, "first_mass", 1, column(Landmarks.class, "first_token"));
        compare(out, "self_mass", 1, column(Landmarks.class, "self"));
        compare(out, "recent8_mass", 1, column(Recency.class, "recent_8"));
        compare(out, "top8_mass", 1, column(RasterDispersion.class, "top_8"));
        compare(out, "entropy", 10, column(RasterDispersion.class, "entropy"));
        compare(out, "local2d_mass", 1, JanusStatistics::near);
        if (promptTokens() > 2 * Received.PROMPT_ENDS) {
            out.note("received mass is not compared: the tokens in the middle of long prompts are not told apart");
            return;
        }
        compare(out, "colsum", 10, (image, guidance) -> received(image, guidance, false));
        compare(out, "colsum_with_prefill", 10, (image, guidance) -> received(image, guidance, true));
    }

    private int promptTokens() {
        return images.isEmpty() ? 0 : images.get(0).geometry().promptTokens();
    }

    private static Numbers column(Class<? extends Statistic> kind, String name) {
        return (image, guidance) -> image.column(kind, name, guidance);
    }

    private static double[] near(OfImage image, Guidance guidance) {
        double[] near = image.get(Sparsity.class).score(Neighbourhood.IMMEDIATE, Sparsity.Of.ALL_TOKENS, guidance);
        for (int head = 0; head < near.length; head++) {
            near[head] = 1 - near[head];
        }
        return near;
    }

    private static double[] received(OfImage image, Guidance guidance, boolean withPrefill) {
        Geometry geometry = image.geometry();
        Received received = image.get(Received.class);
        int prompt = geometry.promptTokens();
        int positions = geometry.totalTokens();
        double[] sums = new double[geometry.layers() * geometry.heads() * positions];
        for (int i = 0; i < sums.length; i += positions) {
            int layer = i / positions / geometry.heads();
            int head = i / positions % geometry.heads();
            for (int token = 0; token < prompt; token++) {
                sums[i + token] = received.byPromptToken(layer, head, guidance, From.IMAGE_QUERIES, token, prompt);
                if (withPrefill) {
                    sums[i + token] +=
                            received.byPromptToken(layer, head, guidance, From.PROMPT_QUERIES, token, prompt);
                }
            }
            double[] tokens = received.byImageToken(layer, head, guidance);
            System.arraycopy(tokens, 0, sums, i + prompt, positions - prompt);
        }
        return sums;
    }

    /** @param loose how many times the tolerance of means is allowed */
    private void compare(Comparison out, String name, int loose, Numbers numbers) {
        if (!recorded.hasTensor(PREFIX + name) || images.isEmpty()) {
            return;
        }
        Geometry geometry = images.get(0).geometry();
        int rows = 2 * images.size();
        double[] got = new double[Math.toIntExact(recorded.tensor(PREFIX + name).elements())];
        int layerNumbers = got.length / geometry.layers() / rows;
        for (int row = 0; row < rows; row++) {
            double[] one =
                    numbers.of(images.get(row / 2), row % 2 == 0 ? Guidance.CONDITIONAL : Guidance.UNCONDITIONAL);
            if (one.length != geometry.layers() * layerNumbers) {
                out.fail(PREFIX + name + " has " + got.length + " numbers, expected are " + rows * one.length);
                return;
            }
            for (int layer = 0; layer < geometry.layers(); layer++) {
                System.arraycopy(one, layer * layerNumbers, got, (layer * rows + row) * layerNumbers, layerNumbers);
            }
        }
        Tolerance tolerance = recorded.tolerance(PREFIX + name, "statistics");
        out.close(
                recorded.tensor(PREFIX + name), got, new Tolerance(loose * tolerance.atol(), loose * tolerance.rtol()));
    }
}
