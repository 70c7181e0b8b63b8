package org.headwise.workbench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.headwise.checkpoint.Inspection;
import org.headwise.checkpoint.Verification;
import org.headwise.files.InputRefused;
import org.headwise.files.Progress;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What {@code inspect --verify} found, by checkpoint. */
record VerifiedParts(Inspection inspection, Map<Path, Verification> parts) {
    /** Reads all checkpoints that were found. */
    static VerifiedParts of(Inspection inspection, Progress progress) {
        Map<Path, Verification> parts = new LinkedHashMap<>();
        for (Inspection.Part part : inspection.parts()) {
            parts.put(part.file(), Verification.of(part.file(), progress));
        }
        return new VerifiedParts(inspection, parts);
    }

    /** For people: a line per checkpoint, then one per problem. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        parts.forEach((file, found) -> {
            lines.add(String.format(
                    Locale.ROOT,
                    "verified: %s, %s, %,d of %,d tensors finite",
                    file,
                    checksums(found),
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
            found.problems().forEach(problem -> lines.add("damaged: " + problem));
        });
        return lines;
    }

    private static String checksums(Verification found) {
        if (found.matching() + found.without() + found.problems().size() == 0) {
            return "no checksums in this format";
        }
        String matching = String.format(Locale.ROOT, "%,d records as their checksums say", found.matching());
        return found.without() == 0
                ? matching
                : matching + String.format(Locale.ROOT, ", %,d without a checksum", found.without());
    }

    /** Adds it to the JSON of the inspection. */
    void addTo(ObjectNode inspected) {
        ArrayNode all = inspected.putArray("verified");
        parts.forEach((file, found) -> {
            ObjectNode node = all.addObject()
                    .put("file", file.toString())
                    .put("records_matching", found.matching())
                    .put("records_without_checksum", found.without())
                    .put("tensors", found.tensors());
            found.problems().forEach(node.putArray("damaged")::add);
            ArrayNode odd = node.putArray("not_finite");
            found.odd()
                    .forEach(tensor -> odd.addObject()
                            .put("tensor", tensor.tensor())
                            .put("nan", tensor.nans())
                            .put("infinite", tensor.infinities())
                            .put("elements", tensor.elements())
                            .put("first", tensor.first()));
        });
    }

    /** @throws InputRefused if something is not as it was written, or could not be read at all */
    void requireWhole() {
        List<String> problems = new ArrayList<>(inspection.refused());
        parts.values().forEach(found -> problems.addAll(found.problems()));
        if (!problems.isEmpty()) {
            throw new InputRefused(
                    problems.getFirst() + (problems.size() == 1 ? "" : ", and " + (problems.size() - 1) + " more")
                            + "; fetch what is damaged again");
        }
    }
}
