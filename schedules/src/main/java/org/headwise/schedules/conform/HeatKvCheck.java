package org.headwise.schedules.conform;

import org.headwise.attention.FullCache;
import org.headwise.model.Geometry;
import org.headwise.schedules.methods.HeatStrict;

/** Kind {@code heatkv}: the plan is made anew from orders and budget, and the generation runs under it. */
final class HeatKvCheck implements CaseCheck {
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
        RemovedScales removed = RemovedScales.of(strict);
        replay.compare(() -> new MaskedCache(new FullCache(), removed));
    }
}
