package org.headwise.schedules.conform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.headwise.schedules.conform.CaseResult.Verdict;
import org.headwise.tensor.Engine;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Replays every recorded case that lies beside the tests. */
class ConformanceTest {
    private static final Set<String> NOT_YET = Set.of();

    @TestFactory
    Stream<DynamicTest> reproducesRecordedCases() {
        List<CaseResult> results = new ArrayList<>();
        try (Engine engine = Engine.vector(2)) {
            Conformance.run(List.of(folder("infinity"), folder("janus")), engine, results::add);
        }
        assertTrue(results.size() >= 46, "only " + results.size() + " cases were found");
        return results.stream()
                .filter(result -> !NOT_YET.contains(result.id()))
                .map(result -> DynamicTest.dynamicTest(
                        result.id(), () -> assertEquals(Verdict.OK, result.verdict(), result.line())));
    }

    private static Path folder(String name) {
        try {
            return Path.of(
                    ConformanceTest.class.getResource("/reference/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
