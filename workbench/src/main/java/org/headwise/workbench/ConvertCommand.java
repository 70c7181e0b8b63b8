package org.headwise.workbench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.headwise.checkpoint.Conversion;
import org.headwise.files.InputRefused;
import org.headwise.tensor.DType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headwise convert}. */
@Command(
        name = "convert",
        header = {
            "Write any checkpoint as one safetensors file.",
            "",
            "  headwise convert path/to/infinity_2b_reg.pth infinity.safetensors --dtype BF16",
            "  headwise convert path/to/shards vae.safetensors",
            ""
        },
        description = {
            "Takes a safetensors or PyTorch file, an index of shards, or a folder with one of these.",
            "Tensors are written one after another, so that any size fits into memory. Integers and booleans stay."
        })
final class ConvertCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "IN", description = "the checkpoint to read")
    private Path in;

    @Parameters(index = "1", paramLabel = "OUT", description = "the safetensors file to write")
    private Path out;

    @Option(
            names = "--dtype",
            paramLabel = "FORMAT",
            description = "write floating-point numbers as ${COMPLETION-CANDIDATES} (default: as they are)")
    private ModelOptions.Format dtype;

    @Option(names = "--force", description = "replace OUT if it is there")
    private boolean force;

    private final Session session;

    ConvertCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (Files.exists(out) && !force) {
            throw InputRefused.in(out, "is already there; choose another name, or --force to replace it");
        }
        DType target = dtype == null ? null : DType.valueOf(dtype.name());
        Conversion.Summary written = Conversion.convert(in, out, target, session.progress());
        session.say(String.format(
                Locale.ROOT, "%d tensors of %,d bytes are in %s", written.tensors(), written.bytes(), out));
        return ExitCode.OK.code;
    }
}
