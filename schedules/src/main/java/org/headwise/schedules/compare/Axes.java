package org.headwise.schedules.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.headwise.model.Geometry;

/**
 * The steps and sources that a comparison tells apart: every scale of a next-scale model; the prompt and the rows of the
 * image of a raster model, which has too many steps to look at each.
 *
 * @param steps after which what is held is compared, ascending; the last one is the last step of the model
 * @param made tokens made when each of these steps is over, those of the last step of the model not counted
 * @param sources tokens by where they were made, in order; those of the last scale are never kept and have none
 */
public record Axes(List<Integer> steps, List<Integer> made, List<Source> sources) {
    /**
     * Tokens that were made together.
     *
     * @param name for people: the number of the scale, {@code prompt} or {@code row 3}
     * @param from index of the first among the tokens of all steps
     * @param to index behind the last
     */
    public record Source(String name, int from, int to) {}

    public Axes {
        steps = List.copyOf(steps);
        made = List.copyOf(made);
        sources = List.copyOf(sources);
    }

    public static Axes of(Geometry geometry) {
        int count = geometry.steps().size();
        if (geometry.raster() == null) {
            return new Axes(
                    IntStream.range(0, count).boxed().toList(),
                    IntStream.range(0, count)
                            .map(s -> geometry.firstToken(Math.min(s + 1, count - 1)))
                            .boxed()
                            .toList(),
                    IntStream.range(0, count - 1)
                            .mapToObj(s ->
                                    new Source(Integer.toString(s), geometry.firstToken(s), geometry.firstToken(s + 1)))
                            .toList());
        }
        List<Integer> steps = new ArrayList<>();
        List<Source> sources = new ArrayList<>();
        sources.add(new Source("prompt", 0, geometry.promptTokens()));
        int width = geometry.raster().width();
        int kept = geometry.incomingTokens();
        for (int row = 0; row < geometry.raster().height(); row++) {
            int from = geometry.promptTokens() + row * width;
            if (from < kept) {
                sources.add(new Source("row " + row, from, Math.min(from + width, kept)));
            }
            steps.add((row + 1) * width - 1);
        }
        return new Axes(
                steps,
                steps.stream()
                        .map(step -> geometry.firstToken(Math.min(step + 1, count - 1)))
                        .toList(),
                sources);
    }
}
