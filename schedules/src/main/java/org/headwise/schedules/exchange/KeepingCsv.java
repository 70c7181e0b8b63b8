package org.headwise.schedules.exchange;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.headwise.schedules.HeadKeeps;
import org.headwise.schedules.Keeping;

/** What single kv heads of raster models keep, as rows of a table; what a way of keeping has not is left empty. */
final class KeepingCsv {
    static final String HEADER =
            "layer,kv_head,by,prompt_kept,first,tokens,best,recent,window,kernel,pooling,refresh,renumbered,paired,seed\n";

    private KeepingCsv() {}

    static String row(HeadKeeps rule) {
        Keeping keeping = rule.keeping();
        return switch (keeping) {
            case Keeping.Newest newest ->
                row(
                        rule,
                        "newest",
                        newest.first(),
                        newest.tokens(),
                        "",
                        "",
                        "",
                        "",
                        "",
                        "",
                        newest.renumbered(),
                        "",
                        "");
            case Keeping.Heaviest heaviest ->
                row(
                        rule,
                        "heaviest",
                        "",
                        "",
                        heaviest.best(),
                        heaviest.recent(),
                        "",
                        "",
                        "",
                        heaviest.refresh(),
                        "",
                        heaviest.paired(),
                        "");
            case Keeping.Observed observed ->
                row(
                        rule,
                        "observed_attention",
                        "",
                        observed.tokens(),
                        "",
                        "",
                        observed.window(),
                        observed.kernel(),
                        observed.pooling().name().toLowerCase(Locale.ROOT),
                        observed.refresh(),
                        "",
                        "",
                        "");
            case Keeping.Chance chance ->
                row(rule, "chance", "", chance.tokens(), "", "", "", "", "", "", "", "", chance.seed());
        };
    }

    private static String row(HeadKeeps rule, String by, Object... rest) {
        return Stream.concat(
                                Stream.of(
                                        rule.layer(),
                                        rule.kvHead(),
                                        by,
                                        rule.keeping().promptKept()),
                                Stream.of(rest))
                        .map(Object::toString)
                        .collect(Collectors.joining(","))
                + "\n";
    }
}
