package org.headwise.reports;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;

/** A real browser without a window, where this computer has one on its path. */
final class Browser {
    static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");

    private final Path program;
    private final Path scratch;
    private int runs;

    private Browser(Path program, Path scratch) {
        this.program = program;
        this.scratch = scratch;
    }

    /** What a page became and what the browser had to say about it. */
    record Visit(String dom, List<String> console) {}

    static Optional<Browser> find(Path scratch) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Arrays.stream(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .map(program -> new Browser(program, scratch));
    }

    Visit visit(Path page, int width) throws IOException, InterruptedException {
        Path dom = scratch.resolve("dom-" + runs + ".html");
        List<String> said = run(
                dom,
                "--window-size=" + width + ",1000",
                "--dump-dom",
                page.toUri().toString());
        return new Visit(
                Files.readString(dom),
                said.stream().filter(line -> line.contains(":CONSOLE")).toList());
    }

    BufferedImage picture(Path page, int width, int height, boolean dark) throws IOException, InterruptedException {
        Path png = scratch.resolve("picture-" + runs + ".png");
        run(
                scratch.resolve("out-" + runs + ".txt"),
                "--window-size=" + width + "," + height,
                "--hide-scrollbars",
                "--blink-settings=preferredColorScheme=" + (dark ? 0 : 1),
                "--screenshot=" + png,
                page.toUri().toString());
        return ImageIO.read(png.toFile());
    }

    private List<String> run(Path out, String... arguments) throws IOException, InterruptedException {
        Path log = scratch.resolve("log-" + runs + ".txt");
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--enable-logging=stderr",
                "--log-level=0",
                "--user-data-dir=" + scratch.resolve("profile-" + runs)));
        runs++;
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(log.toFile())
                .start();
        boolean ended = process.waitFor(90, TimeUnit.SECONDS);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                .lines()
                .toList();
        if (!ended || process.exitValue() != 0) {
            throw new AssertionError(program + (ended ? " failed: " : " did not end: ") + lines);
        }
        return lines;
    }
}
