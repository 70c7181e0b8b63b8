package org.headwise.schedules.conform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.headwise.attention.Ledger;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.methods.HeatKv;
import org.headwise.schedules.methods.HeatStrict;
import org.headwise.schedules.runtime.CompressedCache;
import org.headwise.schedules.runtime.Storage;

/**
 * Kind {@code heatkv}: the plan is made anew from orders and budget, and the generation runs on a cache that really
 * frees what the plan removes; its ledger must be the predicted one.
 */
final class HeatKvCheck implements CaseCheck {
    private static final int ONE_TOKEN_PAGES = 1;

    @Override
    public boolean covers(RecordedCase recorded) {
        return recorded.kind().equals("heatkv");
    }

    @Override
    public void check(RecordedCase recorded, Workshop workshop, Comparison out) {
        GenerationReplay replay = new GenerationReplay(recorded, workshop, out);
        Geometry geometry = replay.generator().geometry(replay.schedule());
        HeatStrict strict = HeatPlan.plan(recorded, recorded.json(), geometry);
        HeatPlan.compare(recorded, recorded.json(), strict, "", out);
        Schedule schedule = new Schedule(
                geometry,
                HeatKv.NAME,
                new TreeMap<>(Map.of()),
                new Budget(recorded.number("budget"), Budget.Meaning.PEAK_INCOMING),
                strict.rules(),
                new Provenance("headwise", List.of(), new TreeMap<>(), List.of(), Map.of()));
        List<CompressedCache> caches = new ArrayList<>();
        replay.compare(() -> {
            caches.add(new CompressedCache(schedule, Storage.F32, ONE_TOKEN_PAGES, Long.MAX_VALUE));
            return caches.getLast();
        });
        Ledger predicted = schedule.predicted().bytes(geometry, replay.rows(), Storage.F32.bytes());
        Ledger held = caches.getLast().ledger();
        out.equal("the bytes held at the end of every step", predicted.endBytes(), held.endBytes());
        out.equal("the most bytes held within every step", predicted.peakBytes(), held.peakBytes());
    }
}
