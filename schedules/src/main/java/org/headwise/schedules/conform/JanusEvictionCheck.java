package org.headwise.schedules.conform;

import java.util.List;
import java.util.Map;
import org.headwise.attention.FullCache;
import org.headwise.attention.Ledger;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.model.Geometry;
import org.headwise.model.raster.RasterOutcome;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.runtime.RasterCache;
import org.headwise.schedules.runtime.RasterForecast;
import org.headwise.schedules.runtime.Storage;
import tools.jackson.databind.JsonNode;

/**
 * Kind {@code janus_evict}: every eviction policy of a case runs on a cache that really frees what it gives up, once with
 * the recorded tokens forced, for what is attended, accumulated and computed, and once free, for the tokens. The ledgers
 * must be the predicted ones.
 */
final class JanusEvictionCheck implements CaseCheck {
    @Override
    public boolean covers(RecordedCase recorded) {
        return recorded.kind().equals("janus_evict");
    }

    @Override
    public void check(RecordedCase recorded, Workshop workshop, Comparison out) {
        try (Checkpoint checkpoint = Checkpoints.open(recorded.file("weights"))) {
            JanusRun run = JanusRun.of(recorded, checkpoint, workshop.engine());
            List<int[]> forced = forced(recorded, run);
            boolean[][] local = local(recorded, run, forced, out);
            for (Map.Entry<String, JsonNode> policy : recorded.get("policies").properties()) {
                Schedule schedule = new EvictionPolicy(recorded, policy.getKey(), policy.getValue(), local)
                        .schedule(run.geometry());
                compareForced(recorded, run, policy.getKey(), schedule, forced, out);
                compareFree(recorded, run, policy.getKey(), schedule, out);
            }
        }
    }

    private static List<int[]> forced(RecordedCase recorded, JanusRun run) {
        int[] tokens = recorded.tensor("forced_tokens").toInts();
        if (tokens.length != run.prompts().size() * run.grid().tokens()) {
            throw recorded.refuse("forces " + tokens.length + " tokens on "
                    + run.prompts().size() + " images of " + run.grid().tokens());
        }
        return run.bySteps(tokens);
    }

    /** Which heads are local for mixtures of policies, from the attention with the full cache. */
    private static boolean[][] local(RecordedCase recorded, JanusRun run, List<int[]> forced, Comparison out) {
        Geometry geometry = run.geometry();
        if (!recorded.hasTensor("types")) {
            return new boolean[geometry.layers()][geometry.kvHeads()];
        }
        LocalMass mass = new LocalMass(geometry, recorded.integer(recorded.get("inputs"), "w_class"));
        try (FullCache cache = new FullCache()) {
            run.generate(forced, cache, mass, null);
        }
        if (recorded.hasTensor("local_mass")) {
            out.close(recorded.tensor("local_mass"), mass.means(), recorded.tolerance("local_mass"));
        }
        boolean[][] local = mass.localHeads();
        int[] types = new int[geometry.layers() * geometry.kvHeads()];
        for (int i = 0; i < types.length; i++) {
            types[i] = local[i / geometry.kvHeads()][i % geometry.kvHeads()] ? 1 : 0;
        }
        out.close(recorded.tensor("types"), types, Tolerance.EXACT);
        return local;
    }

    private static void compareForced(
            RecordedCase recorded, JanusRun run, String name, Schedule schedule, List<int[]> forced, Comparison out) {
        Geometry geometry = run.geometry();
        int rows = run.rows().size();
        try (EvictionTrace trace = new EvictionTrace(schedule, geometry, rows)) {
            run.generate(forced, trace, null, trace);
            if (recorded.hasTensor(name + ".attended")) {
                out.close(recorded.tensor(name + ".attended"), trace.attendedSets(), recorded.tolerance("attended"));
            }
            if (recorded.hasTensor(name + ".acc")) {
                out.close(recorded.tensor(name + ".acc"), trace.accumulated(), recorded.tolerance("acc"));
            }
            out.close(recorded.tensor(name + ".logits"), trace.logits(), recorded.tolerance("logits"));
            Ledger predicted = schedule.predicted(run.promptTokens()).bytes(geometry, rows, Storage.F32.bytes());
            out.equal("the bytes that " + name + " holds, step by step", predicted, trace.ledger());
        }
    }

    private static void compareFree(
            RecordedCase recorded, JanusRun run, String name, Schedule schedule, Comparison out) {
        if (!recorded.hasTensor(name + ".free_tokens")) {
            return;
        }
        int pageTokens = RasterForecast.pageTokens(schedule);
        Ledger predicted =
                RasterForecast.of(schedule, run.promptTokens(), run.rows().size(), Storage.F32, pageTokens);
        try (RasterCache cache = new RasterCache(schedule, Storage.F32, predicted.peak())) {
            RasterOutcome outcome = run.generate(List.of(), cache, null, null);
            out.close(recorded.tensor(name + ".free_tokens"), outcome.used(), recorded.tolerance("free_tokens"));
            out.equal("the bytes of pages that " + name + " holds, step by step", predicted, cache.ledger());
        }
    }
}
