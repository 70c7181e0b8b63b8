package org.headwise.analysis;

import java.util.ArrayList;
import java.util.List;
import org.headwise.calibrate.RunFolder;
import org.headwise.calibrate.Sums;
import org.headwise.files.InputRefused;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;

/**
 * What one calibration run measured of every head: the input of a method.
 *
 * @param provenance of the run
 * @param prompts how many prompts were summed
 * @param statistics at most one of a kind
 */
public record Profile(Geometry geometry, Provenance provenance, int prompts, List<Statistic> statistics) {
    public Profile {
        statistics = List.copyOf(statistics);
    }

    /**
     * Reads the sums of a finished run.
     *
     * @throws InputRefused if a statistic of the run is unknown, of a version that means something else, or of other sums
     */
    public static Profile of(RunFolder run) {
        var versions = run.description().statistics();
        List<Statistic> statistics = new ArrayList<>();
        for (Statistic statistic : named(run, List.copyOf(versions.keySet()))) {
            int found = versions.get(statistic.name());
            if (found != statistic.version()) {
                throw InputRefused.in(
                        run.folder(),
                        "statistic " + statistic.name() + " is of version " + found + ", this program knows version "
                                + statistic.version() + "; calibrate again");
            }
            Sums sums = run.merged(statistic.name());
            statistic.sums().misfit(sums).ifPresent(problem -> {
                throw InputRefused.in(
                        run.folder(), "statistic " + statistic.name() + " has " + problem + "; calibrate again");
            });
            statistic.sums().add(sums);
            statistics.add(statistic);
        }
        return new Profile(
                run.geometry(), run.description().provenance(), run.records().size(), statistics);
    }

    private static List<Statistic> named(RunFolder run, List<String> names) {
        try {
            return Statistics.named(
                    run.geometry(), names, run.description().provenance().settings());
        } catch (InputRefused e) {
            throw InputRefused.in(run.folder(), e.getMessage());
        }
    }

    /**
     * One statistic.
     *
     * @throws InputRefused if the run did not observe it
     */
    public <T extends Statistic> T statistic(Class<T> kind) {
        return statistics.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElseThrow(() -> new InputRefused("the run has no statistic " + kind.getSimpleName() + ", it has "
                        + String.join(
                                ", ", statistics.stream().map(Statistic::name).toList())
                        + "; calibrate with it observed"));
    }
}
