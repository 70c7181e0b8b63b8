package org.headwise.schedules.conform;

import org.headwise.attention.FullCache;

/** Kind {@code ar}: a generation with the full cache. */
final class GenerationCheck implements CaseCheck {
    @Override
    public boolean covers(RecordedCase recorded) {
        return recorded.kind().equals("ar");
    }

    @Override
    public void check(RecordedCase recorded, Workshop workshop, Comparison out) {
        new GenerationReplay(recorded, workshop, out).compare(FullCache::new);
    }
}
