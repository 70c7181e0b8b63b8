package org.headwise.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.headwise.calibrate.JournalRecord;
import org.headwise.calibrate.RunFolder;
import org.headwise.calibrate.Sums;
import org.headwise.files.InputRefused;

/** A profile prompt by prompt: what stability, significance and resampling work on. */
public final class PromptProfiles {
    /** Where the sums of single prompts come from. */
    @FunctionalInterface
    public interface Source {
        /** The sums of one statistic over one prompt, by its index from 0. */
        Sums sums(int prompt, String statistic);
    }

    private final Profile whole;
    private final List<String> prompts;
    private final Source source;

    private PromptProfiles(Profile whole, List<String> prompts, Source source) {
        this.whole = whole;
        this.prompts = List.copyOf(prompts);
        this.source = source;
        if (whole.prompts() != prompts.size()) {
            throw new IllegalArgumentException(
                    "a profile of " + whole.prompts() + " prompts, but " + prompts.size() + " are given");
        }
    }

    /** Of a finished run; shards are read and checked when they are needed. */
    public static PromptProfiles of(RunFolder run) {
        return new PromptProfiles(
                Profile.of(run),
                run.records().stream().map(JournalRecord::prompt).toList(),
                run::prompt);
    }

    /** Of sums that are at hand. */
    public static PromptProfiles of(Profile whole, List<String> prompts, Source source) {
        return new PromptProfiles(whole, prompts, source);
    }

    /** The profile of all prompts. */
    public Profile whole() {
        return whole;
    }

    /** The prompts, in the order of the run. */
    public List<String> prompts() {
        return prompts;
    }

    /**
     * The profile that a run over these prompts alone would have given; for resampling an index may come twice.
     *
     * @param promptIndices indices into {@link #prompts()}, at least one
     */
    public Profile subset(int... promptIndices) {
        if (promptIndices.length == 0) {
            throw new IllegalArgumentException("a profile needs at least one prompt");
        }
        List<Statistic> statistics = Statistics.like(whole.geometry(), whole.statistics());
        for (int prompt : promptIndices) {
            for (Statistic statistic : statistics) {
                statistic.sums().add(source.sums(prompt, statistic.name()));
            }
        }
        return new Profile(whole.geometry(), whole.provenance(), promptIndices.length, statistics);
    }

    /** The profile of the prompts of these indices, prompt by prompt, as {@link #subset} sums them up. */
    public PromptProfiles select(int... promptIndices) {
        return new PromptProfiles(
                subset(promptIndices),
                IntStream.of(promptIndices).mapToObj(prompts::get).toList(),
                (i, statistic) -> source.sums(promptIndices[i], statistic));
    }

    /**
     * Numbers of a statistic prompt by prompt.
     *
     * @return [prompts][whatever {@code numbers} gives]
     */
    public <T extends Statistic> double[][] values(Class<T> kind, Function<T, double[]> numbers) {
        T ofAll = whole.statistic(kind);
        String name = ofAll.name();
        double[][] values = new double[prompts.size()][];
        for (int p = 0; p < values.length; p++) {
            Statistic one = Statistics.like(whole.geometry(), List.of(ofAll)).getFirst();
            one.sums().add(source.sums(p, name));
            values[p] = numbers.apply(kind.cast(one));
        }
        return values;
    }

    /**
     * One column prompt by prompt: [prompts][layers * heads].
     *
     * @param column as {@link HeadTable} names it: {@code statistic.column}
     */
    public double[][] column(String column) {
        List<String> known = new ArrayList<>();
        for (Statistic statistic : whole.statistics()) {
            for (Column c : statistic.columns()) {
                String name = statistic.name() + "." + c.name();
                if (name.equals(column)) {
                    return values(statistic.getClass(), s -> find(s, c.name()));
                }
                known.add(name);
            }
        }
        throw new InputRefused("there is no column '" + column + "'; known are " + String.join(", ", known));
    }

    private static double[] find(Statistic statistic, String column) {
        return statistic.columns().stream()
                .filter(c -> c.name().equals(column))
                .findFirst()
                .orElseThrow()
                .values();
    }
}
