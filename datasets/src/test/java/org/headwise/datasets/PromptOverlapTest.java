package org.headwise.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import org.headwise.datasets.scenes.SceneSets;
import org.junit.jupiter.api.Test;

class PromptOverlapTest {
    @Test
    void caseBlanksAndUnicodeFormsDoNotMatter() {
        // A no-break space, a full-width letter, and an accent written as a character of its own.
        assertEquals("a caf\u00e9", PromptOverlap.normal("  \uff21\u00a0Cafe\u0301\t"));
        assertEquals(PromptOverlap.digest("A  red\tcircle "), PromptOverlap.digest("a red circle"));
        assertNotEquals(PromptOverlap.digest("a red circle"), PromptOverlap.digest("a red circles"));
    }

    /** Computed by: printf 'a red circle' | sha256sum */
    @Test
    void theDigestIsThatOfTheNormalForm() {
        assertEquals(
                "a1e4a280d27cad5b1aa05b230031f649a0ef0b265df51db178bcf44ccd129fd0",
                PromptOverlap.digest("A Red  Circle"));
    }

    @Test
    void namesThePromptsThatWereSeenInTheirOrder() {
        List<String> digests = List.of(PromptOverlap.digest("one"), PromptOverlap.digest("three"));
        assertEquals(List.of("Three", "ONE"), PromptOverlap.seen(List.of("two", "Three", "ONE"), digests));
    }

    @Test
    void theBundledSetsOfScenesShareNothing() {
        List<String> digests =
                SceneSets.calibration().stream().map(PromptOverlap::digest).toList();
        assertEquals(List.of(), PromptOverlap.seen(SceneSets.evaluation(), digests));
    }
}
