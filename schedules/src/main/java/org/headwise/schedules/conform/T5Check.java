package org.headwise.schedules.conform;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.tensor.Tensor;
import org.headwise.text.RelativeBuckets;
import org.headwise.text.T5Config;
import org.headwise.text.T5Encoder;

/** Kind {@code t5_encoder}: hidden states and attention of the text encoder, padded rows at their valid positions. */
final class T5Check implements CaseCheck {
    private static final String IDS = ".input_ids";

    @Override
    public boolean covers(RecordedCase recorded) {
        return recorded.kind().equals("t5_encoder");
    }

    @Override
    public void check(RecordedCase recorded, Workshop workshop, Comparison out) {
        T5Config config = T5Config.read(recorded.file("config"));
        T5Encoder encoder;
        try (Checkpoint weights = Checkpoints.open(recorded.file("weights"))) {
            encoder = new T5Encoder(weights, config, workshop.engine());
        }
        if (recorded.hasTensor("buckets")) {
            RelativeBuckets buckets = new RelativeBuckets(config.buckets(), config.maxDistance());
            int[] got = new int[(int) recorded.tensor("buckets").elements()];
            Arrays.setAll(got, i -> buckets.of(i - got.length / 2));
            out.close(recorded.tensor("buckets"), got, Tolerance.EXACT);
        }
        for (String name : recorded.tensorNames()) {
            if (name.endsWith(IDS)) {
                texts(recorded, name.substring(0, name.length() - IDS.length()), encoder, out);
            }
        }
    }

    private static void texts(RecordedCase recorded, String prefix, T5Encoder encoder, Comparison out) {
        StoredTensor stored = recorded.tensor(prefix + IDS);
        if (stored.shape().length != 2) {
            throw recorded.refuse("tensor " + stored.name() + " is no [texts, tokens]");
        }
        int[] ids = stored.toInts();
        int rows = (int) stored.shape()[0];
        int length = (int) stored.shape()[1];
        int[] mask = recorded.hasTensor(prefix + ".attention_mask")
                ? recorded.tensor(prefix + ".attention_mask").toInts()
                : null;
        for (int row = 0; row < rows; row++) {
            int[] text = Arrays.copyOfRange(ids, row * length, (row + 1) * length);
            if (mask != null) {
                text = Arrays.copyOf(text, valid(recorded, mask, row, length));
            }
            text(recorded, prefix, encoder, row, text, out);
        }
    }

    private static int valid(RecordedCase recorded, int[] mask, int row, int length) {
        int valid = 0;
        while (valid < length && mask[row * length + valid] != 0) {
            valid++;
        }
        for (int i = valid; i < length; i++) {
            if (mask[row * length + i] != 0) {
                throw recorded.refuse("masks tokens inside a text; only padding at its end can be left out");
            }
        }
        return valid;
    }

    private static void text(
            RecordedCase recorded, String prefix, T5Encoder encoder, int row, int[] ids, Comparison out) {
        Map<String, Tensor> seen = new HashMap<>();
        Tensor last = encoder.encode(ids, (name, value) -> seen.put(name, value.copy()));
        seen.put("last_hidden_state", last);
        seen.forEach((name, value) -> {
            String full = prefix + "." + name;
            if (recorded.hasTensor(full)) {
                StoredTensor expected = recorded.tensor(full);
                out.close(
                        full + " of text " + row,
                        part(recorded, expected, row, value),
                        wide(value),
                        shape(value),
                        recorded.tolerance(name, "last_hidden_state"));
            }
        });
    }

    /** The part of a recorded [texts, ...] that an unpadded text has: one row, and the first entries of token axes. */
    private static double[] part(RecordedCase recorded, StoredTensor expected, int row, Tensor value) {
        long[] shape = expected.shape();
        if (shape.length != value.rank() + 1) {
            throw recorded.refuse(
                    "tensor " + expected.name() + " has " + shape.length + " axes, expected " + (value.rank() + 1));
        }
        double[] all = expected.toDoubles();
        double[] out = new double[value.size()];
        for (int i = 0; i < out.length; i++) {
            int rest = i;
            long at = 0;
            long stride = 1;
            for (int axis = value.rank() - 1; axis >= 0; axis--) {
                at += rest % value.dim(axis) * stride;
                rest /= value.dim(axis);
                stride *= shape[axis + 1];
            }
            out[i] = all[Math.toIntExact(row * stride + at)];
        }
        return out;
    }

    private static double[] wide(Tensor value) {
        double[] out = new double[value.size()];
        Arrays.setAll(out, i -> value.data()[i]);
        return out;
    }

    private static long[] shape(Tensor value) {
        return Arrays.stream(value.shape()).asLongStream().toArray();
    }
}
