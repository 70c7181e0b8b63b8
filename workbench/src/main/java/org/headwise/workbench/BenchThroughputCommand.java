package org.headwise.workbench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.headwise.files.InputRefused;
import org.headwise.memory.MachineMemory;
import org.headwise.memory.MemoryPlan;
import org.headwise.memory.ModelShapes;
import org.headwise.model.Geometry;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.runtime.KvHolding;
import org.headwise.tensor.DType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headwise bench throughput}. */
@Command(
        name = "throughput",
        header = {
            "Time as many images at a time as fit into an amount of KV memory: full cache against schedules.",
            "",
            "  headwise bench throughput janus-mini --kv-memory 64MiB --schedule ssd.json h2o.json",
            "  headwise bench throughput janus-mini --kv-memory 64MiB --run runs/janus --budgets 50%%,20%%",
            "  headwise bench throughput my/model --dtype BF16 --kv-memory 2GiB --schedule ssd.json --tokens 24",
            ""
        },
        description = {
            "Draws --images images without decoding them. With --tokens only so many tokens of an image are made, the",
            "last ones or those from --at on; the cache is filled with random keys and values first, as far as it would",
            "be there, which the column \"random\" counts. What follows \"CPU\" is by the processor time of the threads",
            "that compute: other work on the machine disturbs it less than the clock. \"gain\" compares tokens per",
            "second with the largest batch of the full cache; \"of memory\" is the rate at which the model's matrices",
            "are read, as a share of what a plain pass over memory reads with the same threads."
        })
final class BenchThroughputCommand implements Callable<Integer> {
    private static final int ROUNDS = 7;

    @Mixin
    private ModelOptions model;

    @Option(
            names = "--kv-memory",
            required = true,
            paramLabel = "SIZE",
            converter = MemoryText.class,
            description = "most memory of keys and values, like 2GiB")
    private long limit;

    @Option(names = "--schedule", arity = "1..*", paramLabel = "FILE", description = "one or more schedule.json")
    private List<Path> schedules = List.of();

    @Option(names = "--run", paramLabel = "RUN", description = "plan schedules from this calibration")
    private Path run;

    @Option(
            names = "--methods",
            paramLabel = "LIST",
            split = ",",
            defaultValue = "ssd,window,h2o",
            description = "with --run: methods, with options where wanted (default ${DEFAULT-VALUE})")
    private List<String> methods;

    @Option(
            names = "--budgets",
            paramLabel = "LIST",
            split = ",",
            converter = BudgetText.class,
            defaultValue = "50%,20%",
            description = "with --run: budgets (default 50%%,20%%)")
    private List<Budget> budgets;

    @Option(
            names = "--images",
            paramLabel = "N",
            converter = Numbers.AtLeastOne.class,
            description = "images of every measurement, and the most at a time (default: as many as fit)")
    private Integer images;

    @Option(
            names = "--at-once",
            paramLabel = "LIST",
            split = ",",
            converter = Numbers.AtLeastOne.class,
            description = "besides the largest batch, also measure these sizes where they fit")
    private List<Integer> sizes = List.of();

    @Option(
            names = "--tokens",
            paramLabel = "T",
            converter = Numbers.AtLeastOne.class,
            description = "time T tokens of every image instead of whole images; raster models only")
    private Integer tokens;

    @Option(
            names = "--at",
            paramLabel = "TOKEN",
            converter = Numbers.AtLeastOne.class,
            description = "with --tokens: the first image token that is timed (default: the last T)")
    private Integer at;

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            defaultValue = "a large red circle in the center on a white background",
            description = "prompt of all images (default: ${DEFAULT-VALUE})")
    private String prompt;

    @Mixin
    private CacheOptions caches;

    @Mixin
    private SamplingOptions sampling;

    @Mixin
    private JsonOption json;

    private final Session session;

    BenchThroughputCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (at != null && tokens == null) {
            throw new InputRefused("--at says which tokens are timed, so it needs --tokens");
        }
        LinkedHashMap<String, KvHolding> holdings = holdings();
        int most = images == null ? Integer.MAX_VALUE : images;
        KvHolding smallest = holdings.sequencedValues().getLast();
        MemoryUse use = MemoryUse.drawing(List.of(prompt), sampling.guidance).packed(smallest, limit, most);
        try (OpenModel opened = model.open(session, use)) {
            ThroughputBench bench = new ThroughputBench(
                    opened.model(),
                    opened.engine().workers().threads(),
                    prompt,
                    sampling.over(opened.model().sampling()),
                    limit,
                    weights(opened));
            Geometry geometry = opened.model().geometry();
            int token = firstToken(geometry);
            holdings.values().stream()
                    .filter(holding -> holding.schedule() != null)
                    .forEach(bench::bytesOfOne);
            session.say(
                    "Measuring " + opened.name() + " with " + opened.engine().describe() + " and "
                            + MachineMemory.show(limit) + " for keys and values in " + caches.format);
            MemoryRate before = MemoryRate.measure(opened.engine().workers(), ROUNDS);
            List<ThroughputRow> rows = new ArrayList<>();
            holdings.forEach((name, holding) -> rows.addAll(measure(bench, name, holding, most, token)));
            MemoryRate memory = before.or(MemoryRate.measure(opened.engine().workers(), ROUNDS));
            session.say(String.format(
                    Locale.ROOT,
                    "Memory is read at %.2f GB/s of processor time, %.2f GB/s by the clock",
                    memory.bytesPerCpuSecond() / 1e9,
                    memory.bytesPerSecond() / 1e9));
            if (json.wanted) {
                session.printJson(ThroughputRow.json(rows, memory, limit));
            } else {
                session.print(ThroughputRow.table(rows, memory), json);
            }
        }
        return ExitCode.OK.code;
    }

    private int firstToken(Geometry geometry) {
        if (tokens == null || geometry.raster() == null) {
            return 0;
        }
        int all = geometry.raster().tokens();
        int first = at == null ? all - tokens : at;
        if (first < 1 || first + tokens > all) {
            throw new InputRefused("an image has tokens 0 to " + (all - 1) + ", so " + tokens + " of them from token "
                    + first + " on cannot be timed");
        }
        return first;
    }

    /** By name, the full cache first, the smallest budget last. */
    private LinkedHashMap<String, KvHolding> holdings() {
        List<PlannedSchedule> planned = new ArrayList<>(PlannedSchedule.read(schedules));
        if (run != null) {
            Planning planning = Planning.from(session, run);
            for (String method : methods) {
                MethodChoice choice = MethodChoice.parse(method);
                for (Budget budget : budgets) {
                    Schedule schedule = planning.plan(choice.method(), budget, choice.over(Map.of()));
                    String name = choice.label() + "-" + budget.percent();
                    planned.add(new PlannedSchedule(name, choice.label(), budget.share(), run, schedule));
                }
            }
        }
        planned.sort((a, b) -> Double.compare(b.budget(), a.budget()));
        LinkedHashMap<String, KvHolding> holdings = new LinkedHashMap<>();
        holdings.put("full", KvHolding.full(caches.storage()));
        for (PlannedSchedule one : planned) {
            if (holdings.put(one.name(), new KvHolding(one.schedule(), caches.storage())) != null) {
                throw new InputRefused("two schedules are called " + one.name() + "; give one of them");
            }
        }
        return holdings;
    }

    /** What a step reads; unknown where the weights stay in their file. */
    private long weights(OpenModel opened) {
        return model.weights == ModelOptions.Holding.FILE
                ? 0
                : MemoryPlan.matrices(
                        ModelShapes.of(opened.source()),
                        DType.valueOf(model.weights.name()),
                        opened.engine().kernels().panel());
    }

    private List<ThroughputRow> measure(ThroughputBench bench, String name, KvHolding holding, int most, int token) {
        int largest = Math.min(most, bench.largest(holding));
        if (largest == 0) {
            session.say("note: one image does not fit with " + name + ": it needs "
                    + MachineMemory.show(bench.bytesOfOne(holding)));
            return List.of(ThroughputRow.none(name, bench.bytesOfOne(holding)));
        }
        int[] each = IntStream.concat(sizes.stream().mapToInt(Integer::intValue), IntStream.of(largest))
                .filter(size -> size <= largest)
                .distinct()
                .sorted()
                .toArray();
        List<ThroughputRow> rows = new ArrayList<>();
        if (!bench.warmUp(holding, largest)) {
            bench.images(name, holding, 1, 1);
        }
        for (int size : each) {
            rows.add(
                    tokens == null
                            ? bench.images(name, holding, size, images == null ? size : images)
                            : bench.tokens(name, holding, size, token, tokens));
        }
        return rows;
    }
}
