package org.headwise.workbench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.headwise.attention.KvCache;
import org.headwise.files.AtomicFile;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.files.Progress;
import org.headwise.model.Generation;
import org.headwise.model.ImageModel;
import org.headwise.model.Request;
import org.headwise.model.Sampling;
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
            "Draw images with the full cache.",
            "",
            "  headwise generate --prompt 'a large red circle in the center on a white background' --out runs/circle",
            "  headwise generate infinity-mini --prompts scenes-evaluation --limit 8 --seed 7 --out runs/eight",
            "  headwise generate path/to/model --prompts prompts.txt --cfg 4 --dtype BF16 --out runs/images",
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
        try (OpenModel opened = model.open(session, MemoryUse.drawing(prompts, sampling.guidance))) {
            AtomicFile.write(list, Json.pretty(draw(opened, prompts)));
        }
        session.say(prompts.size() + (prompts.size() == 1 ? " image is in " : " images are in ") + out);
        return ExitCode.OK.code;
    }

    private ObjectNode draw(OpenModel opened, List<String> prompts) {
        Sampling settings = sampling.over(opened.model().sampling());
        ObjectNode written = Json.object()
                .put("tool", About.tool())
                .put("model", caches.name(opened))
                .put("guidance", settings.guidance())
                .put("temperature", settings.temperature())
                .put("top_k", settings.topK())
                .put("top_p", settings.topP())
                .put("negative_prompt", negative);
        ArrayNode images = written.putArray("images");
        Progress progress = session.progress();
        progress.start("drawing", prompts.size());
        for (int i = 0; i < prompts.size(); i++) {
            long seed = sampling.seed + i;
            AtomicFile.write(
                    out.resolve(PictureFiles.name(i)),
                    image(opened.model(), request(prompts.get(i), seed, settings))
                            .images()
                            .getFirst()
                            .png());
            images.addObject()
                    .put("file", PictureFiles.name(i))
                    .put("prompt", prompts.get(i))
                    .put("seed", seed);
            progress.step(i + 1);
        }
        progress.finish();
        return written;
    }

    private Generation image(ImageModel opened, Request request) {
        try (KvCache cache = caches.cache()) {
            return opened.generate(request, cache, null);
        }
    }

    private Request request(String prompt, long seed, Sampling settings) {
        Request plain = Request.of(List.of(prompt), List.of(seed), settings);
        return negative == null
                ? plain
                : new Request(
                        plain.prompts(),
                        negative,
                        plain.seeds(),
                        plain.guidance(),
                        plain.temperature(),
                        plain.guidanceLayers(),
                        plain.topK(),
                        plain.topP(),
                        plain.forced(),
                        plain.keepLogits(),
                        plain.decode());
    }
}
