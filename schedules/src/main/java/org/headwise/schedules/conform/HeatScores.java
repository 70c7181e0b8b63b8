package org.headwise.schedules.conform;

import java.util.ArrayList;
import java.util.List;
import org.headwise.analysis.ScaleHeat;
import org.headwise.analysis.ScaleHeat.HeadOfLayer;
import org.headwise.model.Geometry;
import tools.jackson.databind.JsonNode;

/** Compares S-CAS scores and the orders that follow from them with recorded ones. */
final class HeatScores {
    private HeatScores() {}

    static void compare(RecordedCase recorded, ScaleHeat heat, int sinkScales, Comparison out) {
        out.close(recorded.tensor("scores"), heat.scores(sinkScales), recorded.tolerance("scores"));
        List<List<HeadOfLayer>> got = heat.orders(sinkScales);
        JsonNode expected = recorded.get("orders");
        out.equal("the number of orders", expected.size(), got.size());
        double tie = Tolerance.below(recorded.json().path("tolerance").path("orders"));
        for (int i = 0; i < Math.min(expected.size(), got.size()); i++) {
            List<HeadOfLayer> order = order(recorded, expected.get(i), heat.geometry());
            if (!order.equals(got.get(i)) && ascends(order, heat, sinkScales, sinkScales + i, tie)) {
                out.note("the order of source scale " + (sinkScales + i)
                        + " differs between scores that are as good as equal");
            } else {
                out.equal("the order of source scale " + (sinkScales + i), order, got.get(i));
            }
        }
    }

    private static List<HeadOfLayer> order(RecordedCase recorded, JsonNode json, Geometry geometry) {
        List<HeadOfLayer> order = new ArrayList<>();
        for (JsonNode entry : json) {
            List<Integer> pair = recorded.integers(entry);
            if (pair.size() != 2
                    || pair.get(0) < 0
                    || pair.get(0) >= geometry.heads()
                    || pair.get(1) < 0
                    || pair.get(1) >= geometry.layers()) {
                throw recorded.refuse("orders " + entry + ", expected [head, layer]");
            }
            order.add(new HeadOfLayer(pair.get(0), pair.get(1)));
        }
        return order;
    }

    /** Whether the recorded order is one that our scores allow when differences below {@code tie} count as none. */
    private static boolean ascends(List<HeadOfLayer> order, ScaleHeat heat, int sinkScales, int source, double tie) {
        if (order.stream().distinct().count()
                != (long) heat.geometry().layers() * heat.geometry().heads()) {
            return false;
        }
        double[] scores = heat.scores(sinkScales);
        int steps = heat.geometry().steps().size();
        double least = Double.NEGATIVE_INFINITY;
        for (HeadOfLayer head : order) {
            double score = scores[(head.layer() * heat.geometry().heads() + head.head()) * steps + source];
            if (score < least - tie) {
                return false;
            }
            least = Math.max(least, score);
        }
        return true;
    }
}
