package org.headwise.workbench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.headwise.checkpoint.Inspection;
import org.headwise.checkpoint.PartKind;
import org.headwise.checkpoint.ZipChecksums;
import org.headwise.datasets.BundledModels;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.model.Geometry;
import org.headwise.model.KnownModels;
import org.headwise.model.ModelFamily;
import org.headwise.model.Models;
import org.headwise.model.infinity.InfinityConfig;
import org.headwise.model.infinity.InfinityGeometries;
import org.headwise.model.janus.JanusConfig;
import org.headwise.workbench.TextTable.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code headwise inspect}. */
@Command(
        name = "inspect",
        header = {
            "Say what checkpoints a file or folder holds, and what a model folder lacks.",
            "",
            "  headwise inspect path/to/model",
            "  headwise inspect path/to/infinity_2b_reg.pth",
            "  headwise inspect path/to/model.safetensors.index.json --json",
            "  headwise inspect path/to/pytorch_model.bin --verify",
            ""
        },
        description = {
            "Reads safetensors and PyTorch files, alone or in shards with an index, and the folders directly in a folder.",
            "No weights are read without --verify, and nothing that a PyTorch file contains is ever run."
        })
final class InspectCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "PATH", description = "a checkpoint, a model folder or a bundled model")
    private Path path;

    @Option(
            names = "--verify",
            description =
                    "read everything: compare the records of PyTorch's zip files with their checksums, and count NaN and"
                            + " infinities; damaged zip files end with exit code 3")
    private boolean verify;

    @Mixin
    private JsonOption json;

    private final Session session;

    InspectCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Inspection inspection = inspection(
                Files.exists(path) ? path : BundledModels.find(path.toString()).orElse(path));
        Optional<Geometry> geometry = geometry(inspection);
        List<String> runs = Models.families().stream().map(ModelFamily::name).toList();
        Optional<VerifiedParts> verified =
                verify ? Optional.of(VerifiedParts.of(inspection, session.progress())) : Optional.empty();
        if (json.wanted) {
            ObjectNode written = json(inspection, geometry, runs);
            verified.ifPresent(parts -> parts.addTo(written));
            session.printJson(written);
        } else {
            table(inspection).lines().forEach(session::print);
            session.print("");
            inspection.refused().forEach(refused -> session.print("cannot be read: " + refused.reason()));
            inspection.parts().stream()
                    .filter(part -> !part.note().isEmpty())
                    .forEach(part -> session.print(name(inspection, part) + " is synthetic: " + part.note()));
            session.print("family: " + (inspection.family().isEmpty() ? "not recognised" : inspection.family()));
            geometry.ifPresent(shape -> session.print("geometry: " + shape.layers() + " layers, " + shape.heads()
                    + " heads of " + shape.headDim() + ", " + shape.steps().size() + " steps, " + shape.totalTokens()
                    + " tokens, fingerprint " + shape.fingerprint()));
            String missing = missing(inspection).isEmpty() ? "nothing" : String.join("; ", missing(inspection));
            session.print("missing for generate: " + missing);
            session.print("missing for calibrate: " + missing);
            if (!inspection.family().isEmpty() && !runs.contains(inspection.family())) {
                session.print("this version runs " + String.join(", ", runs) + ", not " + inspection.family());
            }
            verified.ifPresent(parts -> parts.lines().forEach(session::print));
        }
        verified.ifPresent(VerifiedParts::requireWhole);
        return ExitCode.OK.code;
    }

    /** A file that cannot be read is refused; with its damage as the reason, if it was looked for and found. */
    private Inspection inspection(Path file) {
        try {
            return Inspection.of(file);
        } catch (InputRefused e) {
            if (verify) {
                VerifiedParts.requireWhole(
                        ZipChecksums.of(file, session.progress()).problems());
            }
            throw e;
        }
    }

    private static TextTable table(Inspection inspection) {
        TextTable table = new TextTable(
                Column.of("file", "file"),
                Column.of("format", "format"),
                Column.of("part", "part"),
                new Column("tensors", "tensors", "%,d"),
                new Column("elements", "numbers", "%,d"),
                new Column("bytes", "bytes", "%,d"),
                Column.of("types", "types"),
                Column.of("sizes", "sizes"));
        for (Inspection.Part part : inspection.parts()) {
            table.row(
                    name(inspection, part),
                    part.format(),
                    role(part.kind()),
                    part.tensors(),
                    part.elements(),
                    part.bytes(),
                    part.types().keySet().stream().map(Enum::name).collect(Collectors.joining(" ")),
                    part.sizes().entrySet().stream()
                            .map(size -> size.getKey().replace('_', ' ') + " " + size.getValue())
                            .collect(Collectors.joining(", ")));
        }
        return table;
    }

    private static String name(Inspection inspection, Inspection.Part part) {
        return inspection.path().equals(part.file())
                ? part.file().getFileName().toString()
                : inspection.path().relativize(part.file()).toString();
    }

    private static String role(PartKind kind) {
        return (kind.family() + " " + kind.role()).strip();
    }

    /** The geometry of the transformer over the steps that the folder's configuration asks for. */
    private static Optional<Geometry> geometry(Inspection inspection) {
        Path config = inspection.path().resolve("config.json");
        if (!Files.isRegularFile(config)) {
            return Optional.empty();
        }
        JsonNode json = Json.read(config);
        boolean configured = Models.families().stream()
                .anyMatch(family -> family.name().equals(inspection.family()) && family.recognises(json));
        return inspection.parts().stream()
                .filter(part -> configured)
                .flatMap(part -> switch (part.kind()) {
                    case INFINITY_TRANSFORMER -> infinity(part.sizes(), config).stream();
                    case JANUS -> Stream.of(janus(JanusConfig.read(config)));
                    default -> Stream.<Geometry>empty();
                })
                .findFirst();
    }

    private static Optional<Geometry> infinity(Map<String, Long> sizes, Path config) {
        if (!sizes.containsKey("layers") || !sizes.containsKey("head_dim")) {
            return Optional.empty();
        }
        InfinityConfig settings = InfinityConfig.read(config);
        int heads = Math.toIntExact(sizes.get("heads"));
        return Optional.of(new Geometry(
                "infinity",
                Math.toIntExact(sizes.get("layers")),
                heads,
                heads,
                Math.toIntExact(sizes.get("head_dim")),
                InfinityGeometries.schedule(settings.pn(), settings.heightOverWidth())));
    }

    private static Geometry janus(JanusConfig config) {
        return Geometry.raster(
                "janus", config.layers(), config.heads(), config.kvHeads(), config.headDim(), config.image());
    }

    /** What a folder lacks: files of the release that it is, or else what a model folder needs. */
    private static List<String> missing(Inspection inspection) {
        Path folder = inspection.path();
        boolean described = Files.isRegularFile(folder.resolve("config.json"))
                && inspection.missing().isEmpty();
        return Optional.of(folder)
                .filter(path -> Files.isDirectory(path) && !described)
                .flatMap(KnownModels::recognise)
                .map(known -> known.missing(known.locate(folder, Map.of())).stream()
                        .map(file -> "the " + file.part().key() + " of " + known.name() + " (" + file.onHub() + ")")
                        .toList())
                .orElse(inspection.missing());
    }

    private static ObjectNode json(Inspection inspection, Optional<Geometry> geometry, List<String> runs) {
        ObjectNode out = Json.object().put("path", inspection.path().toString()).put("family", inspection.family());
        var parts = out.putArray("parts");
        for (Inspection.Part part : inspection.parts()) {
            ObjectNode node = parts.addObject()
                    .put("file", part.file().toString())
                    .put("format", part.format())
                    .put("part", part.kind().name().toLowerCase(Locale.ROOT))
                    .put("tensors", part.tensors())
                    .put("elements", part.elements())
                    .put("bytes", part.bytes());
            if (!part.note().isEmpty()) {
                node.put("synthetic", part.note());
            }
            ObjectNode types = node.putObject("types");
            part.types().forEach((type, count) -> types.put(type.name(), count.tensors()));
            ObjectNode sizes = node.putObject("sizes");
            part.sizes().forEach(sizes::put);
        }
        var refused = out.putArray("refused");
        inspection.refused().forEach(file -> refused.add(file.reason()));
        geometry.ifPresent(shape -> out.put("geometry", shape.describe()).put("fingerprint", shape.fingerprint()));
        missing(inspection).forEach(out.putArray("missing_for_generate")::add);
        missing(inspection).forEach(out.putArray("missing_for_calibrate")::add);
        return out.put("runs_here", runs.contains(inspection.family()));
    }
}
