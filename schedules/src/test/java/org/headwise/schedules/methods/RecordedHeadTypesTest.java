package org.headwise.schedules.methods;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.headwise.analysis.Profile;
import org.headwise.analysis.Recency;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.Guidance;
import org.headwise.attention.KeyRun;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Cases;
import org.headwise.schedules.HeadKeeps;
import org.headwise.schedules.Keeping;
import org.junit.jupiter.api.Test;

/**
 * Heads told apart by the mass that a window of the newest tokens holds, from the recorded attention of the case
 * janus_b_gqa_6x6_b2, against the table of types that is recorded beside it.
 */
class RecordedHeadTypesTest {
    /** Tensor {@code types} [layers, kv heads] of janus_b_gqa_evict_6x6_b2: 1 is local, by the last six tokens. */
    private static final List<Integer> TYPES = List.of(1, 0, 0, 1, 1, 0);
    /** Tensor {@code local_mass} of the same. */
    private static final double[] LOCAL_MASS = {
        0.7320462465286255, 0.25066646933555603, 0.18823903799057007,
        0.7022362351417542, 0.7358075380325317, 0.25504961609840393
    };

    private static final int PROMPT = 12;
    private static final Grid IMAGE = new Grid(6, 6);

    @Test
    void areThoseOfTheRecording() throws Exception {
        Profile profile = recorded();
        Map<String, String> options = Map.of("score", "window", "guidance", "mean");
        List<Integer> local = new Ssd()
                .plan(profile, Budget.parse("20%"), options, Cases.PROVENANCE).rules().stream()
                        .map(rule -> ((HeadKeeps) rule).keeping() instanceof Keeping.Newest ? 1 : 0)
                        .toList();
        assertEquals(TYPES, local);
        Settings settings = new Settings("ssd", new Ssd().resolve(options));
        double[] older = SsdScore.ofKvHeads(profile, settings);
        for (int head = 0; head < LOCAL_MASS.length; head++) {
            assertEquals(LOCAL_MASS[head], 1 - older[head], 1e-5, "kv head " + head);
        }
    }

    private static Profile recorded() throws URISyntaxException {
        Path file = Path.of(RecordedHeadTypesTest.class
                .getResource("/reference/janus/janus_b_gqa_6x6_b2.safetensors")
                .toURI());
        try (Checkpoint checkpoint = Checkpoints.open(file)) {
            // [image tokens, layers, rows, heads, positions]; row 2i is conditional, row 2i + 1 its unconditional twin.
            long[] shape = checkpoint.get("attn").shape();
            float[] attention = checkpoint.get("attn").toTensor().data();
            Geometry geometry = Geometry.raster("janus", (int) shape[1], (int) shape[3], 2, 4, IMAGE)
                    .withPrompt(PROMPT);
            Recency recency = new Recency(geometry.ofModel());
            int positions = (int) shape[4];
            for (int at = 0; at < attention.length; at += positions) {
                recency.observe(block(geometry, shape, attention, at));
            }
            return new Profile(geometry.ofModel(), Cases.PROVENANCE, 2, List.of(recency));
        }
    }

    private static AttentionBlock block(Geometry geometry, long[] shape, float[] attention, int at) {
        int index = at / (int) shape[4];
        int head = index % (int) shape[3];
        int row = index / (int) shape[3] % (int) shape[2];
        int layer = index / (int) (shape[3] * shape[2]) % (int) shape[1];
        int step = index / (int) (shape[3] * shape[2] * shape[1]);
        List<KeyRun> runs = new ArrayList<>();
        for (int s = 0; s <= step; s++) {
            runs.add(new KeyRun(s, 0, geometry.tokens(s)));
        }
        int keys = PROMPT + step;
        return new AttentionBlock(
                geometry,
                row / 2,
                row % 2 == 0 ? Guidance.CONDITIONAL : Guidance.UNCONDITIONAL,
                layer,
                head,
                step,
                geometry.tokens(step) - 1,
                1,
                keys,
                runs,
                Arrays.copyOfRange(attention, at, at + keys),
                keys);
    }
}
