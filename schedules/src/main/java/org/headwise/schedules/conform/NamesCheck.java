package org.headwise.schedules.conform;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.model.image.VqDecoder;
import org.headwise.model.janus.JanusModel;
import org.headwise.tensor.DType;
import tools.jackson.databind.JsonNode;

/** Kind {@code names}: whether the decoder of a released image tokenizer is read from just the tensors that it has. */
final class NamesCheck implements CaseCheck {
    @Override
    public boolean covers(RecordedCase recorded) {
        return recorded.kind().equals("names")
                && recorded.json().path("tensors").has(JanusModel.IMAGE_TOKENIZER + "post_quant_conv.weight");
    }

    @Override
    public void check(RecordedCase recorded, Workshop workshop, Comparison out) {
        String prefix = JanusModel.IMAGE_TOKENIZER;
        Checkpoint names = new NamesOnly(recorded.manifest().toString(), tensors(recorded));
        Set<String> expected = names.names().stream()
                .filter(name -> name.startsWith(prefix + "decoder.")
                        || name.startsWith(prefix + "post_quant_conv.")
                        || name.equals(prefix + "quantize.embedding.weight"))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> needed = new TreeSet<>(VqDecoder.needed(names, prefix));
        Set<String> unread = new TreeSet<>(expected);
        unread.removeAll(needed);
        Set<String> absent = new TreeSet<>(needed);
        absent.removeAll(expected);
        out.equal("the tensors that nothing reads", Set.of(), unread);
        out.equal("the tensors that are asked for and absent", Set.of(), absent);
        out.equal("the number of tensors of the decoder", expected.size(), needed.size());
    }

    private static Map<String, StoredTensor> tensors(RecordedCase recorded) {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : recorded.get("tensors").properties()) {
            long[] shape = new long[entry.getValue().size()];
            Arrays.setAll(shape, axis -> entry.getValue().get(axis).asLong(0));
            String origin = recorded.manifest().toString();
            tensors.put(entry.getKey(), new StoredTensor(origin, entry.getKey(), DType.F32, shape, MemorySegment.NULL));
        }
        return tensors;
    }

    /** Names and shapes without numbers. */
    private record NamesOnly(String origin, Map<String, StoredTensor> tensors) implements Checkpoint {
        @Override
        public Set<String> names() {
            return tensors.keySet();
        }

        @Override
        public Optional<StoredTensor> find(String name) {
            return Optional.ofNullable(tensors.get(name));
        }

        @Override
        public Map<String, String> metadata() {
            return Map.of();
        }

        @Override
        public void close() {}
    }
}
