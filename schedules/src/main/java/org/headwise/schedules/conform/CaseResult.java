package org.headwise.schedules.conform;

import java.util.Locale;

/**
 * What became of one recorded case.
 *
 * @param id the case
 * @param kind its kind as the manifest names it
 * @param compared how many numbers were compared
 * @param worst the absolute difference that came nearest to, or went furthest beyond, its tolerance
 * @param allowed that tolerance
 * @param where the tensor and element of the worst difference, or empty
 * @param reason why it failed or was skipped; what else is worth knowing of a success
 */
public record CaseResult(
        String id,
        String kind,
        Verdict verdict,
        long compared,
        double worst,
        double allowed,
        String where,
        String reason) {
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
            line.append(String.format(Locale.ROOT, ": %d numbers compared", compared));
            line.append(
                    where.isEmpty()
                            ? ""
                            : String.format(
                                    Locale.ROOT,
                                    ", worst error %.2g where %.2g is allowed, at %s",
                                    worst,
                                    allowed,
                                    where));
        }
        return line.append(reason.isEmpty() ? "" : ": " + reason).toString();
    }
}
