package org.headwise.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.headwise.files.InputRefused;
import org.headwise.files.Progress;
import org.headwise.tensor.DType;

/**
 * Writes any checkpoint as one safetensors file, tensor by tensor: memory for one tensor at most is needed, however
 * large the checkpoint. Floating-point numbers take the wanted type, rounded to nearest; integers and booleans stay.
 */
public final class Conversion {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Conversion() {}

    /**
     * What was written.
     *
     * @param bytes of the tensors, without the header
     */
    public record Summary(int tensors, long bytes) {}

    /**
     * Converts a checkpoint.
     *
     * @param in whatever {@link Checkpoints#open} takes
     * @param out file to write; it is replaced when all is written, and untouched before
     * @param dtype F32, BF16 or F16 for floating-point tensors, or null to keep their types
     * @throws InputRefused if a number does not fit the type
     */
    public static Summary convert(Path in, Path out, DType dtype, Progress progress) {
        if (dtype != null && dtype != DType.F32 && dtype != DType.BF16 && dtype != DType.F16) {
            throw new IllegalArgumentException("weights are not stored as " + dtype);
        }
        try (Checkpoint source = Checkpoints.open(in)) {
            if (Files.exists(out) && Files.isSameFile(in, out)) {
                throw InputRefused.in(out, "this is the file to convert; name another one to write");
            }
            Map<String, SafetensorsWriter.Entry> tensors = new LinkedHashMap<>();
            long bytes = 0;
            int number = 0;
            for (String name : source.names()) {
                TensorInfo tensor = source.describe(name);
                if (tensor.elements() > Integer.MAX_VALUE || name.equals("__metadata__")) {
                    throw new InputRefused(source.origin() + ": tensor " + Names.shown(name) + " of "
                            + tensor.elements() + " elements does not fit into a safetensors file of this program");
                }
                DType target = dtype != null && floating(tensor.dtype()) ? dtype : tensor.dtype();
                Source elements = new Source(source, name, target, (int) tensor.elements(), ++number, progress);
                tensors.put(name, new SafetensorsWriter.Entry(target, tensor.shape(), elements));
                bytes += tensor.elements() * target.bytes();
            }
            space(out, bytes);
            progress.start("converting", tensors.size());
            SafetensorsWriter.write(out, tensors, source.metadata());
            progress.step(tensors.size());
            return new Summary(tensors.size(), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(out + " could not be written: " + e.getMessage(), e);
        } finally {
            progress.finish();
        }
    }

    private static boolean floating(DType dtype) {
        return dtype == DType.F64 || dtype == DType.F32 || dtype == DType.F16 || dtype == DType.BF16;
    }

    /** Tensors that share memory in a PyTorch file are written one by one, so the size of the input says little. */
    private static void space(Path out, long bytes) throws IOException {
        Path folder = out.toAbsolutePath().getParent();
        while (!Files.isDirectory(folder)) {
            folder = folder.getParent();
        }
        long free = Files.getFileStore(folder).getUsableSpace();
        if (bytes > free) {
            throw new IOException("it needs " + bytes + " bytes, and the disk has " + free + " free");
        }
    }

    /** The elements of one tensor; it is opened at the first and let go after the last. */
    private static final class Source implements SafetensorsWriter.Elements {
        private final Checkpoint source;
        private final String name;
        private final DType target;
        private final int count;
        private final int number;
        private final Progress progress;
        private StoredTensor tensor;

        Source(Checkpoint source, String name, DType target, int count, int number, Progress progress) {
            this.source = source;
            this.name = name;
            this.target = target;
            this.count = count;
            this.number = number;
            this.progress = progress;
        }

        @Override
        public void put(ByteBuffer into, int index) {
            if (tensor == null) {
                tensor = source.get(name);
                progress.step(number - 1);
            }
            if (tensor.dtype() == target) {
                copy(into, (long) index * target.bytes());
            } else {
                convert(into, tensor.at(index));
            }
            if (index == count - 1) {
                tensor = null;
            }
        }

        private void copy(ByteBuffer into, long at) {
            switch (target.bytes()) {
                case 8 -> into.putLong(tensor.bytes().get(LONG, at));
                case 4 -> into.putInt(tensor.bytes().get(INT, at));
                case 2 -> into.putShort(tensor.bytes().get(SHORT, at));
                default -> into.put(tensor.bytes().get(ValueLayout.JAVA_BYTE, at));
            }
        }

        private void convert(ByteBuffer into, double value) {
            float single = (float) value;
            short half = target == DType.BF16 ? DType.toBf16(single) : Float.floatToFloat16(single);
            float rounded = switch (target) {
                case F32 -> single;
                case BF16 -> DType.bf16(half);
                default -> Float.float16ToFloat(half);
            };
            if (Float.isInfinite(rounded) && !Double.isInfinite(value)) {
                throw new InputRefused(tensor.origin() + ": tensor " + Names.shown(name) + " holds " + value
                        + ", which is too large for " + target
                        + (target == DType.F16 ? "; convert to BF16 or F32" : ""));
            }
            if (target == DType.F32) {
                into.putFloat(single);
            } else {
                into.putShort(half);
            }
        }
    }
}
