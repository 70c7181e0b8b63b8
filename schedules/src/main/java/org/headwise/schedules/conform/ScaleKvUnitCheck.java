package org.headwise.schedules.conform;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.files.InputRefused;
import org.headwise.schedules.methods.ScaleKvTable;
import org.headwise.schedules.runtime.ReleasedLatch;
import org.headwise.schedules.runtime.ReleasedSelection;
import tools.jackson.databind.JsonNode;

/** Kind {@code scalekv_unit}: the released selection on given queries and keys, with its memory from call to call. */
final class ScaleKvUnitCheck implements CaseCheck {
    private static final double SLACK = 1e-5;

    @Override
    public boolean covers(RecordedCase recorded) {
        return recorded.kind().equals("scalekv_unit");
    }

    @Override
    public void check(RecordedCase recorded, Workshop workshop, Comparison out) {
        for (JsonNode json : recorded.json().path("window_indices")) {
            int window = json.path("window").asInt(0);
            int held = json.path("key_len").asInt(0);
            int newest = held - json.path("scale_start").asInt(0);
            int[] found =
                    new ReleasedSelection(window, 1, org.headwise.schedules.Pooling.MAX).windowTokens(held, newest);
            out.equal(
                    "the window of " + window + " in " + newest + " of " + held,
                    recorded.integers(json.path("indices")),
                    Arrays.stream(found).boxed().toList());
        }
        List<Integer> scales = recorded.integers(recorded.get("SCALE"));
        for (JsonNode json : recorded.get("cases")) {
            new Cluster(recorded, json, scales, out).replay();
        }
    }

    /** One object of the released code, for one layer. */
    private static final class Cluster {
        private final RecordedCase recorded;
        private final JsonNode json;
        private final List<Integer> scales;
        private final Comparison out;
        private final int layer;
        private final ScaleKvTable table;
        private final ReleasedSelection selection;
        private final ReleasedLatch latch;

        Cluster(RecordedCase recorded, JsonNode json, List<Integer> scales, Comparison out) {
            this.recorded = recorded;
            this.json = json;
            this.scales = scales;
            this.out = out;
            JsonNode args = json.path("args");
            int base = args.path("base_capacity").asInt(0);
            layer = args.path("layer_idx").asInt(0);
            table = ScaleKvTables.read(recorded, args.path("cache_sizes"), base);
            selection = new ReleasedSelection(
                    args.path("window_size").asInt(0),
                    args.path("kernel_size").asInt(0),
                    ScaleKvTables.pooling(recorded, args.path("pooling").asString("")));
            latch = new ReleasedLatch(base, ScaleKvTable.RELEASED_LAST_STEP);
        }

        void replay() {
            for (JsonNode call : json.path("steps")) {
                String name = call.path("step").asString("");
                boolean failed = call.has("upstream_error");
                try {
                    replay(name, call);
                    if (failed) {
                        out.fail(name + " passes, where the recorded run stopped with an error");
                    }
                } catch (InputRefused e) {
                    out.equal(name + " is refused (" + e.getMessage() + ")", true, failed);
                }
            }
        }

        private void replay(String name, JsonNode call) {
            int scale = call.path("scale_ind").asInt(-1);
            int held = call.path("key_len").asInt(-1);
            if (scale < 0 || scale >= scales.size() || held < 1) {
                throw recorded.refuse(name + " is of scale " + scale + " and has " + held + " keys");
            }
            boolean recordsLatch = call.has("before");
            if (recordsLatch) {
                out.equal(name + " is closed before", closed(call, "before"), latch.closed());
            }
            boolean due = latch.closes(held);
            OptionalInt capacity = due ? table.capacity(scale, layer) : OptionalInt.of(Integer.MAX_VALUE);
            int tokens = capacity.orElseThrow(() -> new InputRefused(name + " has no capacity at scale " + scale));
            boolean cut = due && held > tokens;
            int left = cut ? compare(name, call, scale, held, tokens) : held;
            latch.after(scale);
            if (recordsLatch) {
                out.equal(name + " cuts", call.path("evicted").asBoolean(false), cut);
                out.equal(name + " is closed after", closed(call, "after"), latch.closed());
                out.equal(name + " leaves", call.path("out_len").asInt(-1), left);
            }
        }

        private static boolean closed(JsonNode call, String when) {
            return call.path(when).path("has_reached_base").asBoolean(false);
        }

        /** Compares every row and head; returns how many tokens stay. */
        private int compare(String name, JsonNode call, int scale, int held, int tokens) {
            int queries = call.path("q_len").asInt(0);
            int units = json.path("B").asInt(0) * json.path("H").asInt(0);
            int headDim = json.path("head_dim").asInt(0);
            float[] k = numbers(name + ".k", units * held * headDim);
            float[] q = numbers(name + ".q", units * queries * headDim);
            int[] window = selection.windowTokens(held, scales.get(scale));
            int[] rows = ReleasedSelection.queryRows(window, held, queries);
            double[][] pooled = new double[units][];
            int[][] kept = new int[units][];
            for (int unit = 0; unit < units; unit++) {
                float[] some = new float[window.length * headDim];
                for (int i = 0; i < rows.length; i++) {
                    System.arraycopy(q, (unit * queries + rows[i]) * headDim, some, i * headDim, headDim);
                }
                float[] keys = Arrays.copyOfRange(k, unit * held * headDim, (unit + 1) * held * headDim);
                pooled[unit] = selection.scores(some, keys, held, window);
                kept[unit] = selection.kept(ReleasedSelection.ranked(pooled[unit], window), window, held, tokens);
            }
            compareWindow(name, window, units);
            if (recorded.hasTensor(name + ".pooled")) {
                out.close(
                        recorded.tensor(name + ".pooled"),
                        Arrays.stream(pooled).flatMapToDouble(Arrays::stream).toArray(),
                        recorded.tolerance("pooled"));
            }
            if (recorded.hasTensor(name + ".kept")) {
                compareKept(name, kept, pooled, window, tokens);
            }
            return kept[0].length;
        }

        private float[] numbers(String name, int count) {
            StoredTensor tensor = recorded.tensor(name);
            if (tensor.elements() != count) {
                throw recorded.refuse("tensor " + name + " has " + tensor.elements() + " numbers, expected " + count);
            }
            return tensor.toFloats();
        }

        private void compareWindow(String name, int[] window, int units) {
            if (recorded.hasTensor(name + ".window")) {
                int[] all = new int[units * window.length];
                Arrays.setAll(all, i -> window[i % window.length]);
                out.close(recorded.tensor(name + ".window"), all, Tolerance.EXACT);
            }
        }

        private void compareKept(String name, int[][] kept, double[][] pooled, int[] window, int tokens) {
            int[] all = recorded.tensor(name + ".kept").toInts();
            if (all.length != kept.length * tokens) {
                out.fail(name + ".kept has " + all.length + " tokens, expected " + kept.length * tokens);
                return;
            }
            for (int unit = 0; unit < kept.length; unit++) {
                KeptTokens judge =
                        new KeptTokens(ReleasedSelection.ranked(pooled[unit], window), window, tokens, SLACK);
                int[] expected = Arrays.copyOfRange(all, unit * tokens, (unit + 1) * tokens);
                out.equal(name + ".kept of unit " + unit, "", judge.problem(expected));
                out.equal(name + " chosen for unit " + unit, "", judge.problem(kept[unit]));
            }
        }
    }
}
