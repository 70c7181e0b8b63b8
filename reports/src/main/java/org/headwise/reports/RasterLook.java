package org.headwise.reports;

import java.util.List;
import org.headwise.analysis.Neighbourhood;
import org.headwise.model.Grid;

/**
 * Where the heads of a raster model look on the image, in conditional rows. What was not observed is empty.
 *
 * @param near what counts as near in the score
 * @param score SSD's sparsity, [layers][heads]
 * @param heads the most spatial ones, then the most semantic ones
 * @param windows mean over all heads of the mass that the prompt and so many of the newest tokens hold
 * @param received what image tokens receive, mean over the heads of a layer: [layers][tokens], in queries
 * @param landmarks mass on places that stand out, mean over all heads
 * @param classes of the schedules of SSD
 */
public record RasterLook(
        Grid image,
        Neighbourhood near,
        double[][] score,
        List<HeadLook> heads,
        double[] windows,
        double[][] received,
        List<Landmark> landmarks,
        List<Classes> classes) {
    public RasterLook {
        heads = List.copyOf(heads);
        landmarks = List.copyOf(landmarks);
        classes = List.copyOf(classes);
    }

    /**
     * One head.
     *
     * @param semantic whether it is one of the most semantic, else one of the most spatial
     * @param offsets mean mass of a query, [rows up][width - 1 + columns to the right]
     * @param prompt mean mass of a query on the prompt
     * @param windows mass that the prompt and so many of the newest tokens hold, by their number from 0
     * @param lags mass on the image token so many back, from 0
     * @param received what each image token receives, in queries
     * @param tokens where single tokens look, in raster order
     */
    public record HeadLook(
            int layer,
            int head,
            boolean semantic,
            double score,
            double[][] offsets,
            double prompt,
            double[] windows,
            double[] lags,
            double[] received,
            List<TokenLook> tokens) {
        public HeadLook {
            tokens = List.copyOf(tokens);
        }

        String name() {
            return "layer " + layer + " head " + head;
        }

        String kind() {
            return semantic ? "semantic" : "spatial";
        }
    }

    /**
     * Where the query that reads one image token looks.
     *
     * @param token its index in raster order
     * @param mass mean mass on every image token up to itself
     * @param prompt mean mass on the prompt
     */
    public record TokenLook(int token, double[] mass, double prompt) {}

    /** Mean mass on a place, by row of the image that a query makes a token of. */
    public record Landmark(String name, double[] byRow) {}

    /**
     * How schedules class the heads.
     *
     * @param schedules names of those that do it alike
     * @param semantic [layers][heads], of query heads
     */
    public record Classes(List<String> schedules, boolean[][] semantic) {
        public Classes {
            schedules = List.copyOf(schedules);
        }
    }
}
