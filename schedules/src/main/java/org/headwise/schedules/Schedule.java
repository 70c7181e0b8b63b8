package org.headwise.schedules;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import org.headwise.files.InputRefused;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;

/**
 * What each head keeps after each step: made once by a method, executed by a compressed cache for every image.
 *
 * @param geometry the shape of the model it is for; that of one prompt of a raster model becomes that of the model
 * @param method name of the method that planned it
 * @param parameters the parameters of the method, defaults filled in
 * @param budget what the method was given
 * @param rules what to do when, all possible for the geometry; kept in the order of {@link Rule#ORDER}
 * @param provenance where it came from
 */
public record Schedule(
        Geometry geometry,
        String method,
        SortedMap<String, String> parameters,
        Budget budget,
        List<Rule> rules,
        Provenance provenance) {
    public Schedule {
        geometry = geometry.ofModel();
        RuleCheck.problem(geometry, rules).ifPresent(problem -> {
            throw new InputRefused("this schedule cannot be executed: " + problem);
        });
        parameters = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
        rules = rules.stream().sorted(Rule.ORDER).toList();
    }

    /** The ledger that these rules lead to. */
    public TokenLedger predicted() {
        return predicted(tokens -> tokens);
    }

    /**
     * The same with room for more than the tokens themselves.
     *
     * @param room the tokens that so many tokens of one kv head take up where they lie together; 0 for 0
     */
    public TokenLedger predicted(IntUnaryOperator room) {
        return TokenLedger.of(geometry, rules, room);
    }

    /** The same for a raster model's generation from a prompt of that many tokens; {@link #predicted()} has one of 1. */
    public TokenLedger predicted(int promptTokens) {
        return predicted(promptTokens, tokens -> tokens);
    }

    /** Both at once: all tokens of a kv head lie together in a raster model. */
    public TokenLedger predicted(int promptTokens, IntUnaryOperator room) {
        return TokenLedger.of(geometry.withPrompt(promptTokens), rules, room);
    }
}
