package org.headwise.files;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where an artefact came from, without clock times, so that equal work gives equal bytes.
 *
 * @param tool name and version of the program
 * @param command the command line as given
 * @param settings every setting after defaults were filled in, seeds included
 * @param inputs the files that were read
 * @param counts how many prompts (or other units) were asked for, used and skipped
 * @param calibrationPrompts digests of the prompts that a calibration behind it used, as
 *     {@link org.headwise.datasets.PromptOverlap} makes them; none where there was no calibration or it is not known
 */
public record Provenance(
        String tool,
        List<String> command,
        SortedMap<String, String> settings,
        List<Input> inputs,
        Map<String, Long> counts,
        List<String> calibrationPrompts) {
    /** One file that was read: its name as given, its size in bytes and its SHA-256. */
    public record Input(String name, long bytes, String sha256) {}

    public Provenance {
        command = List.copyOf(command);
        settings = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(settings));
        inputs = List.copyOf(inputs);
        counts = java.util.Collections.unmodifiableMap(new TreeMap<>(counts));
        calibrationPrompts = List.copyOf(calibrationPrompts);
    }

    /** Of something that no calibration is behind. */
    public Provenance(
            String tool,
            List<String> command,
            SortedMap<String, String> settings,
            List<Input> inputs,
            Map<String, Long> counts) {
        this(tool, command, settings, inputs, counts, List.of());
    }

    /** The same of something that was calibrated on prompts of these digests. */
    public Provenance calibratedOn(List<String> digests) {
        return new Provenance(tool, command, settings, inputs, counts, digests);
    }
}
