package org.headwise.schedules.conform;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** How far a number may lie from a recorded one x: by at most atol + rtol * |x|. */
public record Tolerance(double atol, double rtol) {
    static final Tolerance EXACT = new Tolerance(0, 0);

    private static final String NUMBER = "([0-9]+(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)";
    private static final Pattern ATOL = Pattern.compile("atol\\s*=?\\s*" + NUMBER);
    private static final Pattern RTOL = Pattern.compile("rtol\\s*=?\\s*" + NUMBER);
    private static final Pattern MAX_DIFFERENCE = Pattern.compile("max (?:abs )?diff(?:erence)?\\s*" + NUMBER);
    private static final Pattern BELOW = Pattern.compile("below\\s*" + NUMBER);
    private static final Pattern BOUND = Pattern.compile("[<>]\\s*" + NUMBER);

    /** Reads {@code {"atol": a, "rtol": r}}, "atol a", "max abs difference a" or "exact ..."; empty for anything else. */
    static Optional<Tolerance> of(JsonNode json) {
        if (json.isObject() && (json.has("atol") || json.has("rtol"))) {
            return Optional.of(new Tolerance(
                    json.path("atol").asDouble(0), json.path("rtol").asDouble(0)));
        }
        if (!json.isString()) {
            return Optional.empty();
        }
        String text = json.stringValue();
        Matcher atol = ATOL.matcher(text);
        Matcher rtol = RTOL.matcher(text);
        Matcher difference = MAX_DIFFERENCE.matcher(text);
        if (atol.find()) {
            return Optional.of(new Tolerance(number(atol), rtol.find() ? number(rtol) : 0));
        }
        if (difference.find()) {
            return Optional.of(new Tolerance(number(difference), 0));
        }
        return text.startsWith("exact") ? Optional.of(EXACT) : Optional.empty();
    }

    /** The bound in texts such as "exact outside |margin| &lt; 1e-3" or "exact where |residual| &gt; 1e-5"; else 0. */
    static double bound(JsonNode json) {
        Matcher bound = BOUND.matcher(json.asString(""));
        return bound.find() ? number(bound) : 0;
    }

    /** The bound in texts such as "exact unless the score gap is below 2e-6"; else 0. */
    static double below(JsonNode json) {
        Matcher below = BELOW.matcher(json.asString(""));
        return below.find() ? number(below) : 0;
    }

    private static double number(Matcher matcher) {
        return Double.parseDouble(matcher.group(1));
    }

    /** The largest difference from {@code expected} that is let pass. */
    double allowed(double expected) {
        return atol + rtol * Math.abs(expected);
    }

    /** Whether {@code got} may stand for {@code expected}; NaN stands for NaN, infinities for themselves. */
    boolean accepts(double expected, double got) {
        if (Double.isNaN(expected) || Double.isNaN(got)) {
            return Double.isNaN(expected) && Double.isNaN(got);
        }
        return expected == got || Math.abs(expected - got) <= allowed(expected);
    }
}
