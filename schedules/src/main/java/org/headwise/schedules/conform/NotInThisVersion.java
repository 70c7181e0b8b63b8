package org.headwise.schedules.conform;

/** Kinds of cases that this version does not replay, each with the reason. */
record NotInThisVersion(String kind, String reason) implements CaseCheck {
    @Override
    public boolean covers(RecordedCase recorded) {
        return recorded.kind().equals(kind);
    }

    @Override
    public void check(RecordedCase recorded, Workshop workshop, Comparison out) {
        out.skip(reason);
    }
}
