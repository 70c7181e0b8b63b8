package org.headwise.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.headwise.analysis.Neighbourhood.Anchor;
import org.headwise.analysis.Sparsity.Of;
import org.headwise.attention.Guidance;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.junit.jupiter.api.Test;

class SparsityTest extends RasterStatisticContract {
    @Override
    Statistic create(Geometry geometry) {
        return new Sparsity(geometry);
    }

    @Test
    void isWhatTheRecordedNeighbourhoodLeaves() {
        RasterAttention attention = RasterAttention.recorded("janus_a_6x6");
        Sparsity sparsity = new Sparsity(attention.geometry().ofModel());
        attention.feed(sparsity, 48, 1);
        double[] expected = Arrays.stream(RasterAttention.recorded("janus_a_6x6", "stat_local2d_mass"))
                .map(near -> 1 - near)
                .toArray();
        assertArrayEquals(expected, likeRecorded(sparsity, "score"), 1e-6);
    }

    @Test
    void everyNeighbourhoodIsWhatCountingPairsGives() {
        for (long seed = 1; seed <= 5; seed++) {
            for (Grid grid : new Grid[] {new Grid(3, 4), new Grid(5, 2), new Grid(4, 1), new Grid(1, 6)}) {
                Geometry model = Geometry.raster("janus", 1, 2, 1, 4, grid);
                RasterAttention attention = RasterAttention.random(model, 3, 1, seed);
                Sparsity sparsity = new Sparsity(model);
                attention.feed(sparsity, 2, 0);
                for (int rows = 0; rows <= grid.height(); rows++) {
                    for (int columns = 0; columns <= grid.width(); columns++) {
                        for (Anchor around : Anchor.values()) {
                            Neighbourhood near = new Neighbourhood(rows, columns, around);
                            for (Of of : Of.values()) {
                                String what = "seed " + seed + ", " + grid + ", " + near + " of " + of;
                                assertEquals(
                                        counted(attention, grid, near, of, 0, 1),
                                        sparsity.score(near, of, Guidance.CONDITIONAL)[1],
                                        1e-6,
                                        what);
                                assertEquals(
                                        counted(attention, grid, near, of, 1, 0),
                                        sparsity.score(near, of, Guidance.UNCONDITIONAL)[0],
                                        1e-6,
                                        what);
                            }
                        }
                    }
                }
            }
        }
    }

    private static double counted(RasterAttention attention, Grid grid, Neighbourhood near, Of of, int row, int head) {
        int prompt = attention.geometry().promptTokens();
        double inside = 0;
        double all = 0;
        for (int token = 1; token < grid.tokens(); token++) {
            int centre = near.around() == Anchor.READ ? token - 1 : token;
            for (int key = of == Of.ALL_TOKENS ? -prompt : 0; key < token; key++) {
                double p = attention.p(token, 0, row, head, prompt + key);
                all += p;
                int up = centre / grid.width() - key / grid.width();
                int right = key % grid.width() - centre % grid.width();
                inside += key >= 0 && up <= near.rows() && Math.abs(right) <= near.columns() ? p : 0;
            }
        }
        return (all - inside) / all;
    }

    @Test
    void theMapAndThePromptAreAllAttention() {
        Sparsity sparsity = (Sparsity) fed(4, 0, 3, 4);
        for (Anchor around : Anchor.values()) {
            double[][] map = sparsity.offsetMap(1, 2, Guidance.UNCONDITIONAL, around);
            assertEquals(3, map.length);
            assertEquals(7, map[0].length);
            double sum = Arrays.stream(map).flatMapToDouble(Arrays::stream).sum();
            assertEquals(1, sum + sparsity.promptMass(1, 2, Guidance.UNCONDITIONAL), 1e-6);
            // In the query's own row nothing lies to the right, and the token predicted is not yet there.
            int first = around == Anchor.READ ? 4 : 3;
            assertEquals(0, Arrays.stream(map[0], first, 7).sum(), 0, around.toString());
        }
    }

    @Test
    void neighbourhoodsAreReadBack() {
        for (String text : new String[] {"1x1", "0x0", "2x13:read"}) {
            assertEquals(text, Neighbourhood.parse(text).toString());
        }
        assertEquals(Neighbourhood.IMMEDIATE, Neighbourhood.parse("1x1:predicted"));
        for (String text : new String[] {"", "1", "-1x1", "1x1:here", "1x1.5", "1x99999999999"}) {
            InputRefused refused = assertThrows(InputRefused.class, () -> Neighbourhood.parse(text));
            assertTrue(refused.getMessage().contains("ROWSxCOLUMNS"), refused.getMessage());
        }
    }
}
