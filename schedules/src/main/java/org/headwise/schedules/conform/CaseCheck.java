package org.headwise.schedules.conform;

/** One kind of recorded case: recognises its manifests by their structure and replays them. */
interface CaseCheck {
    boolean covers(RecordedCase recorded);

    /** Replays a case. Whatever is wrong with the files is thrown as a refusal and becomes the reason of a failure. */
    void check(RecordedCase recorded, Workshop workshop, Comparison out);
}
