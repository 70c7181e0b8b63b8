package org.headwise.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.headwise.analysis.ScaleHeat.HeadOfLayer;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.AttentionObserver;
import org.headwise.attention.Guidance;
import org.headwise.calibrate.CombinedObserver;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.files.Json;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ScaleHeatTest extends StatisticContract {
    @Override
    Statistic create(Geometry geometry) {
        return new ScaleHeat(geometry);
    }

    private static Path resource(String name) throws Exception {
        URI uri = ScaleHeatTest.class.getResource(name).toURI();
        return Path.of(uri);
    }

    private static Geometry geometry(JsonNode recorded) {
        List<Grid> steps = new ArrayList<>();
        recorded.get("scale_schedule")
                .forEach(s -> steps.add(new Grid(s.get(1).asInt(), s.get(2).asInt())));
        int heads = recorded.get("heads").asInt();
        return new Geometry("infinity", recorded.get("layers").asInt(), heads, heads, 1, steps);
    }

    private static void replay(JsonNode recorded, Checkpoint tensors, Geometry geometry, AttentionObserver observer) {
        for (int prompt = 0; prompt < recorded.get("num_prompts").asInt(); prompt++) {
            for (int s = 0; s < geometry.steps().size(); s++) {
                for (int l = 0; l < geometry.layers(); l++) {
                    float[] p = tensors.get("p" + prompt + ".s" + s + ".l" + l).toFloats();
                    int queries = geometry.tokens(s);
                    int keys = geometry.firstToken(s + 1);
                    // [row, head, query, key]: row 0 is the conditional one, row 1 is never handed over.
                    for (int h = 0; h < geometry.heads(); h++) {
                        int from = h * queries * keys;
                        observer.observe(new AttentionBlock(
                                geometry,
                                prompt,
                                Guidance.CONDITIONAL,
                                l,
                                h,
                                s,
                                0,
                                queries,
                                keys,
                                RandomAttention.runs(geometry, s),
                                Arrays.copyOfRange(p, from, from + queries * keys),
                                keys));
                    }
                }
            }
        }
    }

    @Test
    void equalsTheRecordedAccumulator() throws Exception {
        JsonNode recorded = Json.read(resource("unit_scas_accumulator.json"));
        Geometry geometry = geometry(recorded);
        int sink = recorded.get("sink_scales").asInt();
        ScaleHeat heat = new ScaleHeat(geometry);
        try (Checkpoint tensors = Checkpoints.open(resource("unit_scas_accumulator.safetensors"))) {
            replay(recorded, tensors, geometry, new CombinedObserver(List.of(heat)));
            assertArrayEquals(tensors.get("accum").toDoubles(), heat.accumulated(sink), 1e-6);
            assertArrayEquals(tensors.get("scores").toDoubles(), heat.scores(sink), 1e-6);
        }
        List<List<HeadOfLayer>> expected = new ArrayList<>();
        for (JsonNode order : recorded.get("orders")) {
            List<HeadOfLayer> heads = new ArrayList<>();
            order.forEach(pair ->
                    heads.add(new HeadOfLayer(pair.get(0).asInt(), pair.get(1).asInt())));
            expected.add(heads);
        }
        assertEquals(expected, heat.orders(sink));
    }

    @Test
    void heatOfUniformAttentionIsTheShareOfKeys() {
        Geometry geometry = RandomAttention.SMALL;
        ScaleHeat heat = new ScaleHeat(geometry);
        RandomAttention.of(geometry, (l, h, t, q, s, k) -> 1).feed(heat, 3, 0);
        int steps = geometry.steps().size();
        for (int s = 0; s < steps; s++) {
            for (int t = 0; t < steps; t++) {
                double share = s > t ? 0 : geometry.tokens(s) / (double) geometry.firstToken(t + 1);
                assertEquals(share, heat.heat()[(4 * steps + s) * steps + t], 1e-7);
            }
        }
        // 6 of 23 and 6 of 58 keys.
        assertEquals((6 / 23.0 + 6 / 58.0) / 2, heat.scores(1)[1], 1e-7);
        assertEquals(Double.NaN, heat.scores(2)[1]);
        assertEquals(Double.NaN, heat.scores(0)[steps - 1]);
    }

    @Test
    void columnsOfHeatAddUpToOne() {
        ScaleHeat heat = new ScaleHeat(RandomAttention.SMALL);
        RandomAttention.of(RandomAttention.SMALL, 21).feed(heat, 5, 0);
        int steps = 4;
        for (int h = 0; h < 6; h++) {
            for (int t = 0; t < steps; t++) {
                double sum = 0;
                for (int s = 0; s < steps; s++) {
                    sum += heat.heat()[(h * steps + s) * steps + t];
                }
                assertEquals(1, sum, 1e-6);
            }
        }
    }

    @Test
    void equalScoresAreOrderedByHeadThenLayer() {
        ScaleHeat heat = new ScaleHeat(RandomAttention.SMALL);
        RandomAttention.of(RandomAttention.SMALL, (l, h, t, q, s, k) -> 1).feed(heat, 5, 0);
        assertEquals(
                List.of(
                        new HeadOfLayer(0, 0),
                        new HeadOfLayer(0, 1),
                        new HeadOfLayer(1, 0),
                        new HeadOfLayer(1, 1),
                        new HeadOfLayer(2, 0),
                        new HeadOfLayer(2, 1)),
                heat.orders(0).getFirst());
    }

    @Test
    void aHeadThatWasNotSeenHasNoOrder() {
        ScaleHeat heat = new ScaleHeat(RandomAttention.SMALL);
        RandomAttention.of(RandomAttention.SMALL, 1).feed(heat, 0, 0, 1, 4, 0);
        assertThrows(IllegalStateException.class, () -> heat.orders(1));
    }
}
