package org.headwise.schedules.conform;

import java.util.Locale;

/**
 * What became of one recorded case.
 *
 * @param id the case
 * @param kind its kind as the manifest names it
 * @param compared how many numbers were compared
 * @param worst the largest absolute difference among those that came nearest to, or furthest beyond, their tolerance
 * @param where the tensor and element of the worst difference, or empty
 * @param reason why it failed or was skipped; what else is worth knowing of a success
 */
public record CaseResult(
        String id, String kind, Verdict verdict, long compared, double worst, String where, String reason) {
    /** Whether the case was reproduced. */
    public enum Verdict {
        OK,
        FAIL,
        SKIP
    }

    /** One line: verdict, id, worst error and where, reason. */
    public String line() {
        String label = verdict == Verdict.OK ? "ok" : verdict == Verdict.FAIL ? "FAIL" : "skip";
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-4s  %s (%s)", label, id, kind));
        if (compared > 0) {
            line.append(String.format(Locale.ROOT, ": %d numbers, worst error %.3g", compared, worst));
            line.append(where.isEmpty() ? "" : " at " + where);
        }
        return line.append(reason.isEmpty() ? "" : ": " + reason).toString();
    }
}
