package org.headwise.schedules.conform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.schedules.conform.CaseResult.Verdict;
import org.headwise.tensor.Tensor;

/** Collects the comparisons of one case: the worst error, what failed and what there is to say. */
final class Comparison {
    private static final int SHOWN = 3;

    private long compared;
    private double worst;
    private double worstShare = -1;
    private double allowedThere;
    private String where = "";
    private String skipped;
    private final List<String> failures = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /** Compares numbers in row-major order of the recorded tensor. */
    void close(StoredTensor expected, float[] got, Tolerance tolerance) {
        double[] wide = new double[got.length];
        Arrays.setAll(wide, i -> got[i]);
        close(expected.name(), expected.toDoubles(), wide, expected.shape(), tolerance);
    }

    void close(StoredTensor expected, double[] got, Tolerance tolerance) {
        close(expected.name(), expected.toDoubles(), got, expected.shape(), tolerance);
    }

    void close(StoredTensor expected, int[] got, Tolerance tolerance) {
        close(
                expected.name(),
                expected.toDoubles(),
                Arrays.stream(got).asDoubleStream().toArray(),
                expected.shape(),
                tolerance);
    }

    /** Compares a recorded tensor with the first entries of every axis of {@code got}, which has at least its extents. */
    void leading(StoredTensor expected, Tensor got, Tolerance tolerance) {
        long[] shape = expected.shape();
        boolean fits = shape.length == got.rank();
        for (int axis = 0; fits && axis < shape.length; axis++) {
            fits = shape[axis] <= got.dim(axis);
        }
        if (!fits) {
            fail(expected.name() + " has shape " + Arrays.toString(got.shape()) + ", recorded is "
                    + Arrays.toString(shape));
            return;
        }
        float[] part = new float[Math.toIntExact(expected.elements())];
        for (int i = 0; i < part.length; i++) {
            int rest = i;
            int at = 0;
            int stride = 1;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                at += rest % (int) shape[axis] * stride;
                rest /= (int) shape[axis];
                stride *= got.dim(axis);
            }
            part[i] = got.data()[at];
        }
        close(expected, part, tolerance);
    }

    void close(String name, double[] expected, double[] got, long[] shape, Tolerance tolerance) {
        if (expected.length != got.length) {
            fail(name + " has " + got.length + " numbers, recorded are " + expected.length);
            return;
        }
        compared += expected.length;
        int rejected = 0;
        int first = -1;
        for (int i = 0; i < expected.length; i++) {
            if (!tolerance.accepts(expected[i], got[i])) {
                first = rejected++ == 0 ? i : first;
            }
            measure(name, expected[i], got[i], i, shape, tolerance);
        }
        if (rejected > 0) {
            fail(String.format(
                    Locale.ROOT,
                    "%s: %d of %d numbers differ, first %s is %.7g, recorded %.7g, allowed difference %.3g",
                    name,
                    rejected,
                    expected.length,
                    place(first, shape),
                    got[first],
                    expected[first],
                    tolerance.allowed(expected[first])));
        }
    }

    private void measure(String name, double expected, double got, int i, long[] shape, Tolerance tolerance) {
        double error = expected == got || Double.isNaN(expected) && Double.isNaN(got) ? 0 : Math.abs(expected - got);
        error = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
        double allowed = tolerance.allowed(expected);
        double share = error == 0 ? 0 : allowed == 0 ? Double.POSITIVE_INFINITY : error / allowed;
        if (share > worstShare) {
            worstShare = share;
            worst = error;
            allowedThere = allowed;
            where = name + place(i, shape);
        }
    }

    private static String place(int index, long[] shape) {
        long[] at = new long[shape.length];
        long rest = index;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            at[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        return Arrays.toString(at);
    }

    /** Compares anything that must be equal, for example lists of a manifest. */
    void equal(String what, Object expected, Object got) {
        compared++;
        if (!expected.equals(got)) {
            fail(what + " is " + shorten(got) + ", recorded is " + shorten(expected));
        }
    }

    private static String shorten(Object value) {
        String text = String.valueOf(value);
        return text.length() <= 120 ? text : text.substring(0, 120) + "...";
    }

    void fail(String problem) {
        failures.add(problem);
    }

    /** The case is not judged at all. */
    void skip(String reason) {
        skipped = reason;
    }

    void note(String remark) {
        if (!notes.contains(remark)) {
            notes.add(remark);
        }
    }

    CaseResult result(String id, String kind) {
        if (!failures.isEmpty()) {
            String more = failures.size() <= SHOWN ? "" : "; and " + (failures.size() - SHOWN) + " more";
            String reason = String.join("; ", failures.subList(0, Math.min(SHOWN, failures.size()))) + more;
            return new CaseResult(id, kind, Verdict.FAIL, compared, worst, allowedThere, where, reason);
        }
        if (skipped != null) {
            return new CaseResult(id, kind, Verdict.SKIP, 0, 0, 0, "", skipped);
        }
        if (compared == 0) {
            return new CaseResult(id, kind, Verdict.FAIL, 0, 0, 0, "", "the case holds nothing to compare");
        }
        return new CaseResult(id, kind, Verdict.OK, compared, worst, allowedThere, where, String.join("; ", notes));
    }
}
