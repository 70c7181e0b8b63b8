package org.headwise.workbench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.headwise.schedules.conform.CaseResult;
import org.headwise.schedules.conform.CaseResult.Verdict;
import org.headwise.schedules.conform.Conformance;
import org.headwise.tensor.Engine;
import org.headwise.workbench.TextTable.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code headwise conform}. */
@Command(
        name = "conform",
        header = {
            "Replay recorded cases of the original programs and say how near Headwise comes.",
            "",
            "  headwise conform path/to/cases",
            "  headwise conform cases more-cases one/case.json --json",
            ""
        },
        description = {
            "A case is a JSON manifest beside its tensors (safetensors). Each is a line: ok, FAIL or skip, the number",
            "furthest from what was recorded, and its place. One FAIL ends with exit code 4."
        })
final class ConformCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "DIR", description = "folders of cases, or single manifests")
    private List<Path> paths;

    @Mixin
    private JsonOption json;

    private final Session session;

    ConformCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Engine engine = session.engine()) {
            session.detail(engine.describe());
            List<CaseResult> results = Conformance.run(paths, engine, result -> {
                if (!json.wanted) {
                    session.print(result.line());
                }
            });
            if (json.wanted) {
                session.print(table(results), json);
            }
            session.say(count(results, Verdict.OK) + " ok, " + count(results, Verdict.FAIL) + " failed, "
                    + count(results, Verdict.SKIP) + " skipped");
            reasons(results).forEach((reason, number) -> session.say("  skipped " + number + ": " + reason));
            return count(results, Verdict.FAIL) > 0 ? ExitCode.CHECK_FAILED.code : ExitCode.OK.code;
        }
    }

    private static long count(List<CaseResult> results, Verdict verdict) {
        return results.stream().filter(result -> result.verdict() == verdict).count();
    }

    private static Map<String, Long> reasons(List<CaseResult> results) {
        return results.stream()
                .filter(result -> result.verdict() == Verdict.SKIP)
                .collect(Collectors.groupingBy(CaseResult::reason, TreeMap::new, Collectors.counting()));
    }

    private static String label(Verdict verdict) {
        return switch (verdict) {
            case OK -> "ok";
            case FAIL -> "FAIL";
            case SKIP -> "skip";
        };
    }

    private static TextTable table(List<CaseResult> results) {
        TextTable table = new TextTable(
                Column.of("id", "case"),
                Column.of("kind", "kind"),
                Column.of("verdict", "verdict"),
                Column.of("compared", "numbers"),
                new Column("worst", "worst error", "%.3g"),
                Column.of("where", "where"),
                Column.of("reason", "reason"));
        results.forEach(result -> table.row(
                result.id(),
                result.kind(),
                label(result.verdict()),
                result.compared(),
                result.worst(),
                result.where(),
                result.reason()));
        return table;
    }
}
