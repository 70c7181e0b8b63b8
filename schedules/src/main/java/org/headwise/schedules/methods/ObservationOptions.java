package org.headwise.schedules.methods;

import java.util.ArrayList;
import java.util.List;
import org.headwise.schedules.Keeping;
import org.headwise.schedules.Option;
import org.headwise.schedules.Placement;
import org.headwise.schedules.Pooling;
import org.headwise.schedules.Selector;

/** The options of methods that choose tokens by the attention of an observation window. */
final class ObservationOptions {
    static final String WINDOW = "window";
    static final String KERNEL = "kernel";
    static final String POOLING = "pooling";
    /** Beyond any scale; keeps numbers from overflowing. */
    static final int MOST = 1_000_000;

    static final Option WINDOW_OPTION =
            new Option(WINDOW, "queries whose attention is looked at, and tokens that stay in any case", "16");
    static final Option KERNEL_OPTION =
            new Option(KERNEL, "odd width of the pooling over neighbours in the cache", "5");
    static final List<Option> OPTIONS = List.of(
            WINDOW_OPTION, KERNEL_OPTION, new Option(POOLING, "how neighbours are pooled: average or max", "average"));

    private ObservationOptions() {}

    /** Those above, and those that only raster models have. */
    static List<Option> ofBothKinds() {
        List<Option> options = new ArrayList<>(OPTIONS);
        options.add(RasterOptions.prompt(RasterOptions.Prompt.KEPT));
        options.add(RasterOptions.refresh());
        return options;
    }

    /** The same choice in a raster model, of which at most so many tokens stay at any step. */
    static Keeping keeping(Selector.Observed selector, int tokens, boolean promptKept, int refresh) {
        int chosen = tokens - (refresh - 1);
        return new Keeping.Observed(
                chosen,
                Math.min(selector.window(), chosen),
                selector.kernel(),
                selector.pooling(),
                promptKept,
                refresh);
    }

    static Selector.Observed selector(Settings settings, Placement placement) {
        int kernel = settings.whole(KERNEL, 1, MOST);
        if (kernel % 2 == 0) {
            throw settings.refused(KERNEL, "an odd number");
        }
        return new Selector.Observed(
                placement, settings.whole(WINDOW, 1, MOST), kernel, settings.constant(POOLING, Pooling.values()));
    }
}
