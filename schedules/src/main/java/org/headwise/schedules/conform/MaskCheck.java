package org.headwise.schedules.conform;

import org.headwise.schedules.runtime.MaskedCache;

/** Kind {@code mask}: a generation in which some heads do not see some source scales, as one plain mask has it. */
final class MaskCheck implements CaseCheck {
    @Override
    public boolean covers(RecordedCase recorded) {
        return recorded.kind().equals("mask");
    }

    @Override
    public void check(RecordedCase recorded, Workshop workshop, Comparison out) {
        GenerationReplay replay = new GenerationReplay(recorded, workshop, out);
        RemovedScales removed = RemovedScales.read(
                recorded, recorded.get("removed"), replay.schedule().size());
        replay.compare(() -> new MaskedCache(removed::hides));
    }
}
