package org.headwise.workbench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.headwise.checkpoint.Inspection;
import org.headwise.checkpoint.Verification;
import org.headwise.checkpoint.ZipChecksums;
import org.headwise.files.InputRefused;
import org.headwise.files.Progress;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code inspect --verify} found, by checkpoint.
 *
 * @param refused of files that cannot be opened but have checksums
 */
record VerifiedParts(Map<Path, Verification> parts, Map<Path, ZipChecksums> refused) {
    private static final ZipChecksums NONE = new ZipChecksums(0, 0, List.of());

    /** Reads all checkpoints that were found. */
    static VerifiedParts of(Inspection inspection, Progress progress) {
        Map<Path, Verification> parts = new LinkedHashMap<>();
        for (Inspection.Part part : inspection.parts()) {
            parts.put(part.file(), Verification.of(part.file(), progress));
        }
        Map<Path, ZipChecksums> refused = new LinkedHashMap<>();
        for (Inspection.Refused file : inspection.refused()) {
            ZipChecksums checksums = ZipChecksums.of(file.file(), progress);
            if (!checksums.equals(NONE)) {
                refused.put(file.file(), checksums);
            }
        }
        return new VerifiedParts(parts, refused);
    }

    /** For people: a line per checkpoint, then one per problem. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        parts.forEach((file, found) -> {
            lines.add(String.format(
                    Locale.ROOT,
                    "verified: %s, %s, %,d of %,d tensors finite",
                    file,
                    text(found.checksums()),
                    found.tensors() - found.odd().size(),
                    found.tensors()));
            found.odd()
                    .forEach(odd -> lines.add(String.format(
                            Locale.ROOT,
                            "not finite: %s, and in all %,d NaN and %,d infinities of %,d numbers",
                            odd.first(),
                            odd.nans(),
                            odd.infinities(),
                            odd.elements())));
            found.checksums().problems().forEach(problem -> lines.add("damaged: " + problem));
        });
        refused.forEach((file, checksums) -> {
            lines.add("verified: " + file + ", " + text(checksums) + ", cannot be read");
            checksums.problems().forEach(problem -> lines.add("damaged: " + problem));
        });
        return lines;
    }

    private static String text(ZipChecksums found) {
        if (found.equals(NONE)) {
            return "no checksums in this format";
        }
        String matching = found.matching() == 1
                ? "1 record as its checksum says"
                : String.format(Locale.ROOT, "%,d records as their checksums say", found.matching());
        return found.without() == 0
                ? matching
                : matching + String.format(Locale.ROOT, ", %,d without a checksum", found.without());
    }

    /** Adds it to the JSON of the inspection. */
    void addTo(ObjectNode inspected) {
        ArrayNode all = inspected.putArray("verified");
        parts.forEach((file, found) -> add(all, file, found));
        refused.forEach((file, checksums) -> add(all, file, new Verification(checksums, 0, List.of())));
    }

    private static void add(ArrayNode all, Path file, Verification found) {
        ObjectNode node = all.addObject()
                .put("file", file.toString())
                .put("records_matching", found.checksums().matching())
                .put("records_without_checksum", found.checksums().without())
                .put("tensors", found.tensors());
        found.checksums().problems().forEach(node.putArray("damaged")::add);
        ArrayNode odd = node.putArray("not_finite");
        found.odd()
                .forEach(tensor -> odd.addObject()
                        .put("tensor", tensor.tensor())
                        .put("nan", tensor.nans())
                        .put("infinite", tensor.infinities())
                        .put("elements", tensor.elements())
                        .put("first", tensor.first()));
    }

    /** @throws InputRefused if something is not as it was written */
    void requireWhole() {
        requireWhole(Stream.concat(parts.values().stream().map(Verification::checksums), refused.values().stream())
                .flatMap(checksums -> checksums.problems().stream())
                .toList());
    }

    static void requireWhole(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new InputRefused(
                    problems.getFirst() + (problems.size() == 1 ? "" : " (" + problems.size() + " problems in all)"));
        }
    }
}
