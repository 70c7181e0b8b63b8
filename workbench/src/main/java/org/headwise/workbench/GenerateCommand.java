package org.headwise.workbench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.headwise.files.AtomicFile;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.files.Progress;
import org.headwise.memory.MachineMemory;
import org.headwise.model.Request;
import org.headwise.model.Sampling;
import org.headwise.model.StepProgress;
import org.headwise.schedules.runtime.KvHolding;
import org.headwise.schedules.runtime.Packing;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code headwise generate}. */
@Command(
        name = "generate",
        header = {
            "Draw images, with the full cache or under a schedule.",
            "",
            "  headwise generate --prompt 'a large red circle in the center on a white background' --out runs/circle",
            "  headwise generate infinity-mini --prompts scenes-evaluation --limit 8 --seed 7 --out runs/eight",
            "  headwise generate path/to/model --prompts prompts.txt --cfg 4 --dtype BF16 --out runs/images",
            "  headwise generate janus-mini --prompts everyday --schedule ssd.json --kv-memory 64MiB --out runs/packed",
            ""
        },
        description = "The folder gets a PNG per prompt, 00001.png and so on, and images.json with prompts and seeds.")
final class GenerateCommand implements Callable<Integer> {
    /** Prompts typed or from a file. */
    static final class Source {
        @Option(names = "--prompt", paramLabel = "TEXT", description = "a prompt; may be given more than once")
        private List<String> typed = List.of();

        @ArgGroup(exclusive = false)
        private PromptOptions file;
    }

    @Mixin
    private ModelOptions model;

    @ArgGroup(multiplicity = "1")
    private Source source;

    @Mixin
    private SamplingOptions sampling;

    @Mixin
    private CacheOptions caches;

    @Mixin
    private PackingOptions packing;

    @Option(names = "--negative", paramLabel = "TEXT", description = "a negative prompt for the guidance")
    private String negative;

    @Option(names = "--out", required = true, paramLabel = "FOLDER", description = "write the images there")
    private Path out;

    @Option(names = "--force", description = "replace what an earlier call wrote there")
    private boolean force;

    private final Session session;

    GenerateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        List<String> prompts =
                source.file == null ? source.typed : source.file.load().prompts();
        Path list = out.resolve("images.json");
        if (Files.exists(list) && !force) {
            throw InputRefused.in(list, "is already there; choose another folder, or --force to replace it");
        }
        KvHolding holding = packing.holding(caches.storage());
        MemoryUse use =
                packing.use(MemoryUse.drawing(prompts, sampling.guidance).with(caches), holding, prompts.size());
        try (OpenModel opened = model.open(session, use)) {
            AtomicFile.write(list, Json.pretty(draw(opened, holding, prompts)));
        }
        session.say(prompts.size() + (prompts.size() == 1 ? " image is in " : " images are in ") + out);
        return ExitCode.OK.code;
    }

    private ObjectNode draw(OpenModel opened, KvHolding holding, List<String> prompts) {
        Sampling settings = sampling.over(opened.model().sampling());
        Packing packed = packing.of(opened.model(), holding);
        ObjectNode written = Json.object()
                .put("tool", About.tool())
                .put("model", caches.name(opened))
                .put("guidance", settings.guidance())
                .put("temperature", settings.temperature())
                .put("top_k", settings.topK())
                .put("top_p", settings.topP())
                .put("negative_prompt", negative);
        if (holding.schedule() != null) {
            written.put("schedule", packing.schedule.toString()).put("cache", holding.describe());
        }
        List<Long> seeds = LongStream.range(sampling.seed, sampling.seed + prompts.size())
                .boxed()
                .toList();
        Progress progress = session.progress();
        progress.start("drawing", prompts.size());
        AtomicInteger done = new AtomicInteger();
        packed.draw(
                Request.of(prompts, seeds, settings).against(negative),
                List.of(new StepProgress(progress)),
                (batch, drawn, ledger) -> {
                    for (int i = 0; i < batch.images().size(); i++) {
                        AtomicFile.write(
                                out.resolve(PictureFiles.name(batch.images().get(i))),
                                drawn.images().get(i).png());
                    }
                    session.detail(batch.images().size() + " at a time, " + MachineMemory.show(ledger.peak())
                            + " of keys and values");
                    progress.step(done.addAndGet(batch.images().size()));
                });
        ArrayNode images = written.putArray("images");
        for (int i = 0; i < prompts.size(); i++) {
            images.addObject()
                    .put("file", PictureFiles.name(i))
                    .put("prompt", prompts.get(i))
                    .put("seed", seeds.get(i));
        }
        progress.finish();
        return written;
    }
}
