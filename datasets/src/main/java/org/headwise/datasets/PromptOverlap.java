package org.headwise.datasets;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.headwise.files.Sha256;

/**
 * Whether prompts were seen before. Prompts are the same if they differ in nothing but case, blanks and the way that
 * Unicode writes a character; only their digests are compared, so that files can say what they have seen without it.
 */
public final class PromptOverlap {
    private PromptOverlap() {}

    /** What two prompts that are the same have in common: NFKC, lower case, single blanks. */
    public static String normal(String prompt) {
        return Normalizer.normalize(prompt, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .strip()
                .replaceAll("\\s+", " ");
    }

    /** SHA-256 of the normal form in UTF-8, 64 hexadecimal digits. */
    public static String digest(String prompt) {
        return Sha256.of(normal(prompt).getBytes(StandardCharsets.UTF_8));
    }

    /** The prompts among those given that are of these digests, in their order. */
    public static List<String> seen(List<String> prompts, Collection<String> digests) {
        Set<String> known = new HashSet<>(digests);
        return prompts.stream().filter(prompt -> known.contains(digest(prompt))).toList();
    }
}
