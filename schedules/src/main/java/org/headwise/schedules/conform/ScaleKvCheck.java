package org.headwise.schedules.conform;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.headwise.attention.CacheAround;
import org.headwise.attention.KvCache;
import org.headwise.attention.KvView;
import org.headwise.attention.Ledger;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Capacity;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.Selector;
import org.headwise.schedules.methods.ScaleKvTable;
import org.headwise.schedules.runtime.CompressedCache;
import org.headwise.schedules.runtime.Storage;
import org.headwise.schedules.runtime.TokenCut;
import tools.jackson.databind.JsonNode;

/**
 * Kind {@code scalekv}: a generation on a cache that really frees what the released selection lets go. Every choice is
 * judged where scores are clearly apart; then the recorded tokens stay, since equal scores are taken in any order.
 */
final class ScaleKvCheck implements CaseCheck {
    private static final int ONE_TOKEN_PAGES = 1;
    private static final double SLACK = 1e-4;

    @Override
    public boolean covers(RecordedCase recorded) {
        return recorded.kind().equals("scalekv");
    }

    @Override
    public void check(RecordedCase recorded, Workshop workshop, Comparison out) {
        GenerationReplay replay = new GenerationReplay(recorded, workshop, out);
        Geometry geometry = replay.generator().geometry(replay.schedule());
        Schedule schedule = schedule(recorded, geometry);
        List<Watched> caches = new ArrayList<>();
        replay.compare(() -> {
            caches.add(new Watched(recorded, schedule, out));
            return caches.getLast();
        });
        caches.getLast().compareSteps();
        Ledger predicted = schedule.predicted().bytes(geometry, replay.rows(), Storage.F32.bytes());
        Ledger held = caches.getLast().ledger();
        out.equal("the bytes held at the end of every step", predicted.endBytes(), held.endBytes());
        out.equal("the most bytes held within every step", predicted.peakBytes(), held.peakBytes());
    }

    private static Schedule schedule(RecordedCase recorded, Geometry geometry) {
        int base = recorded.integer("base_capacity");
        Selector selector = new Selector.Released(
                recorded.integer("window_size"),
                base,
                recorded.integer("kernel_size"),
                ScaleKvTables.pooling(recorded, recorded.get("pooling").asString("")),
                ScaleKvTable.RELEASED_LAST_STEP);
        ScaleKvTable table = ScaleKvTables.read(recorded, recorded.get("cache_sizes"), base);
        List<Rule> rules = new ArrayList<>();
        for (int step = 0; step < geometry.steps().size() - 1; step++) {
            for (int layer = 0; layer < geometry.layers(); layer++) {
                OptionalInt tokens = table.capacity(step, layer);
                if (tokens.isPresent()) {
                    rules.add(new Capacity(step, layer, tokens.getAsInt(), selector));
                }
            }
        }
        return new Schedule(
                geometry,
                "scalekv",
                new TreeMap<>(Map.of()),
                new Budget(1, Budget.Meaning.BETWEEN_STEPS),
                rules,
                new Provenance("headwise", List.of(), new TreeMap<>(), List.of(), Map.of()));
    }

    /** A compressed cache that compares what it holds and chooses with the recording. */
    private static final class Watched implements CacheAround {
        private record Place(int step, int layer) {}

        private final RecordedCase recorded;
        private final Comparison out;
        private final int steps;
        private final CompressedCache cache;
        private final Map<Place, Integer> found = new HashMap<>();
        private final Map<Place, Integer> left = new HashMap<>();
        private final Map<Place, int[]> kept = new HashMap<>();

        Watched(RecordedCase recorded, Schedule schedule, Comparison out) {
            this.recorded = recorded;
            this.out = out;
            this.steps = schedule.geometry().steps().size();
            this.cache = new CompressedCache(
                    schedule, Storage.F32, ONE_TOKEN_PAGES, Long.MAX_VALUE, cut -> judged(schedule.geometry(), cut));
        }

        private int[] judged(Geometry geometry, TokenCut cut) {
            String name = "kept.s" + cut.step() + ".l" + cut.layer();
            Place place = new Place(cut.step(), cut.layer());
            int[] all = kept.computeIfAbsent(place, p -> recordedTokens(name));
            int tokens = cut.kept().length;
            int at = (cut.row() * geometry.kvHeads() + cut.kvHead()) * tokens;
            left.put(place, tokens);
            if (at + tokens > all.length) {
                out.fail(name + " has " + all.length + " tokens, too few for row " + cut.row());
                return cut.kept();
            }
            int[] expected = java.util.Arrays.copyOfRange(all, at, at + tokens);
            KeptTokens judge = new KeptTokens(cut.scores(), cut.window(), tokens, SLACK);
            String problem = judge.problem(expected);
            out.equal(name + " of row " + cut.row() + ", head " + cut.kvHead(), "", problem);
            return problem.isEmpty() ? expected : cut.kept();
        }

        private int[] recordedTokens(String name) {
            StoredTensor tensor = recorded.tensor(name);
            return tensor.toInts();
        }

        void compareSteps() {
            for (JsonNode step : recorded.get("steps")) {
                Place place = new Place(
                        step.path("scale_ind").asInt(-1), step.path("layer").asInt(-1));
                String where = "at scale " + place.step + ", layer " + place.layer;
                out.equal("keys held " + where, step.path("key_len").asInt(-1), found.get(place));
                // What the last scale would leave is never used.
                if (place.step < steps - 1) {
                    int expected = step.path("out_len").asInt(-1);
                    out.equal("keys left " + where, expected, left.getOrDefault(place, found.get(place)));
                }
            }
        }

        @Override
        public KvCache inner() {
            return cache;
        }

        @Override
        public KvView view(int layer, int step) {
            KvView view = cache.view(layer, step);
            found.put(new Place(step, layer), view.keys(0, 0));
            return view;
        }
    }
}
