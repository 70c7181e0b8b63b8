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
 */
public record Provenance(
        String tool,
        List<String> command,
        SortedMap<String, String> settings,
        List<Input> inputs,
        Map<String, Long> counts) {
    /** One file that was read: its name as given, its size in bytes and its SHA-256. */
    public record Input(String name, long bytes, String sha256) {}

    public Provenance {
        command = List.copyOf(command);
        settings = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(settings));
        inputs = List.copyOf(inputs);
        counts = java.util.Collections.unmodifiableMap(new TreeMap<>(counts));
    }
}
