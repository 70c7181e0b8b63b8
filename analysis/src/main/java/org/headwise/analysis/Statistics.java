package org.headwise.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.headwise.attention.AttentionBlock;
import org.headwise.attention.AttentionObserver;
import org.headwise.attention.Guidance;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;

/**
 * The statistics there are. All of them together keep 9.4 MiB of sums at the Infinity-2B 1M geometry (32 layers, 16
 * heads, 13 scales, 10,521 tokens), and every observing thread half a MiB of scratch memory.
 */
public final class Statistics {
    /** One line per statistic; the order is that of tables and reports. */
    private static final List<Function<Geometry, Statistic>> FACTORIES =
            List.of(ScaleHeat::new, Locality::new, Sinks::new, Dispersion::new);

    private Statistics() {}

    /** A fresh one of every kind. */
    public static List<Statistic> all(Geometry geometry) {
        return FACTORIES.stream().map(factory -> factory.apply(geometry)).toList();
    }

    /** Fresh ones of these names, in the order of {@link #all}; an unknown name is refused. */
    public static List<Statistic> named(Geometry geometry, List<String> names) {
        List<Statistic> all = all(geometry);
        List<String> known = all.stream().map(Statistic::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new InputRefused("there is no statistic '" + name + "'; known are " + String.join(", ", known));
            }
        }
        return all.stream().filter(s -> names.contains(s.name())).toList();
    }

    /**
     * One observer that feeds all of them and computes what they share only once per block. Safe for blocks of different
     * heads arriving from several threads.
     */
    public static AttentionObserver observer(List<Statistic> statistics) {
        return new Together(statistics);
    }

    private static final class Together implements AttentionObserver {
        private final List<DigestedStatistic> digested = new ArrayList<>();
        private final List<Statistic> others = new ArrayList<>();
        private final ThreadLocal<BlockDigest> digests;

        Together(List<Statistic> statistics) {
            for (Statistic statistic : statistics) {
                if (statistic instanceof DigestedStatistic d) {
                    digested.add(d);
                } else {
                    others.add(statistic);
                }
            }
            digests = ThreadLocal.withInitial(
                    () -> new BlockDigest(digested.getFirst().geometry()));
        }

        @Override
        public boolean wants(Guidance guidance) {
            return digested.stream().anyMatch(s -> s.wants(guidance))
                    || others.stream().anyMatch(s -> s.wants(guidance));
        }

        @Override
        public void observe(AttentionBlock block) {
            if (!digested.isEmpty()) {
                BlockDigest digest = digests.get().read(block);
                for (DigestedStatistic statistic : digested) {
                    if (statistic.wants(block.guidance())) {
                        statistic.observe(digest);
                    }
                }
            }
            for (Statistic statistic : others) {
                if (statistic.wants(block.guidance())) {
                    statistic.observe(block);
                }
            }
        }
    }
}
