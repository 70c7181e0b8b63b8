package org.headwise.workbench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.headwise.datasets.PromptSet;
import org.headwise.datasets.scenes.Scene;
import org.headwise.datasets.scenes.SceneRenderer;
import org.headwise.datasets.scenes.SceneSets;
import org.headwise.files.AtomicFile;
import org.headwise.files.InputRefused;
import org.headwise.files.Progress;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code headwise scenes}. */
@Command(
        name = "scenes",
        header = {
            "Write captions and pictures of the procedural scenes that the bundled models draw.",
            "",
            "  headwise scenes --count 5                     # captions to the terminal",
            "  headwise scenes --count 64 --seed 7 --out runs/scenes",
            "  headwise scenes --prompts scenes-evaluation --out runs/truth",
            ""
        },
        description = "The folder gets captions.txt and a picture of 32 x 32 pixels per caption: 00001.png and so on.")
final class ScenesCommand implements Callable<Integer> {
    /** Where captions come from. */
    static final class Source {
        @Option(
                names = "--seed",
                paramLabel = "N",
                defaultValue = "1",
                description = "draw other captions for another seed (default ${DEFAULT-VALUE})")
        private long seed = 1;

        @Option(
                names = "--prompts",
                paramLabel = "SET|FILE",
                description = "take the captions of a bundled set or a file")
        private String prompts;
    }

    @ArgGroup
    private Source source = new Source();

    @Option(
            names = "--count",
            paramLabel = "N",
            converter = Numbers.AtLeastOne.class,
            description = "how many (default: 16, or all of --prompts)")
    private Integer count;

    @Option(names = "--out", paramLabel = "FOLDER", description = "write captions and pictures there")
    private Path out;

    @Option(names = "--force", description = "replace what an earlier call wrote there")
    private boolean force;

    private final Session session;

    ScenesCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        List<String> captions = source.prompts == null
                ? SceneSets.draw(source.seed, count == null ? 16 : count, Set.of())
                : PromptSet.load(source.prompts)
                        .limit(count == null ? 0 : count)
                        .prompts();
        if (out == null) {
            captions.forEach(session::print);
        } else {
            write(captions);
        }
        return ExitCode.OK.code;
    }

    private void write(List<String> captions) {
        List<Scene> scenes = captions.stream().map(Scene::parse).toList();
        Path list = out.resolve("captions.txt");
        if (Files.exists(list) && !force) {
            throw InputRefused.in(list, "is already there; choose another folder, or --force to replace it");
        }
        Progress progress = session.progress();
        progress.start("drawing", scenes.size());
        for (int i = 0; i < scenes.size(); i++) {
            AtomicFile.write(
                    out.resolve(PictureFiles.name(i)),
                    SceneRenderer.render(scenes.get(i)).png());
            progress.step(i + 1);
        }
        progress.finish();
        AtomicFile.write(list, String.join("\n", captions) + "\n");
        session.say(scenes.size() + " captions and pictures are in " + out);
    }
}
