package org.headwise.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.headwise.files.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class DoctorTest {
    @Test
    void thisMachineRunsTheTestsSoItIsWell() {
        Run run = Run.of("doctor");
        assertEquals(0, run.code(), run.out() + run.err());
        assertEquals("", run.err());
    }

    @Test
    void jsonHasTheSameFindings() {
        JsonNode json = Json.parse(Run.of("doctor", "--json").out(), "stdout");
        List<String> subjects = StreamSupport.stream(json.spliterator(), false)
                .map(finding -> finding.get("subject").asString())
                .toList();
        assertEquals(Machine.findings().stream().map(Finding::subject).toList(), subjects);
        assertTrue(subjects.contains("CUDA driver"), subjects.toString());
    }

    @Test
    void anAbsentDriverIsAnOrdinaryAnswer() {
        Finding finding = CudaDriver.ask("libheadwise-no-such-driver.so.1").finding();
        assertEquals(Finding.State.NOTE, finding.state());
        assertTrue(finding.text().contains("absent"), finding.text());
    }

    @Test
    void aLibraryThatIsNoDriverIsNoCrash() {
        assertEquals(
                Finding.State.NOTE,
                CudaDriver.ask(System.mapLibraryName("m") + ".6").finding().state());
    }

    @Test
    void aFolderThatCannotBeWrittenIsAFailure(@TempDir Path folder) {
        Finding finding = Machine.temporary(folder.resolve("missing"));
        assertEquals(Finding.State.FAIL, finding.state());
        assertTrue(finding.text().contains("missing"), finding.text());
    }
}
