package org.headwise.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import tools.jackson.databind.JsonNode;

/**
 * Several files of one format and the index (Hugging Face's {@code *.safetensors.index.json} or
 * {@code *.bin.index.json}) that says which tensor lies where. All shards are opened and compared with the index before the first tensor is read.
 */
final class ShardedCheckpoint implements Checkpoint {
    private final String origin;
    private final Map<String, Checkpoint> shards;
    private final Map<String, Checkpoint> holders;

    private ShardedCheckpoint(String origin, Map<String, Checkpoint> shards, Map<String, Checkpoint> holders) {
        this.origin = origin;
        this.shards = shards;
        this.holders = holders;
    }

    static Checkpoint open(Path index) {
        Map<String, String> map = weightMap(index);
        Path folder = index.toAbsolutePath().getParent();
        Set<String> files = new LinkedHashSet<>(map.values());
        List<String> missing = files.stream()
                .filter(f -> !Files.isRegularFile(folder.resolve(f)))
                .toList();
        Map<String, Checkpoint> shards = new LinkedHashMap<>();
        try {
            for (String file : files) {
                if (!missing.contains(file)) {
                    shards.put(file, Checkpoints.openFile(folder.resolve(file)));
                }
            }
            check(index, map, missing, shards);
            Map<String, Checkpoint> holders = new LinkedHashMap<>();
            map.forEach((name, file) -> holders.put(name, shards.get(file)));
            // The files are what is trusted to hold tensors; an index that forgets one does not hide it.
            shards.values().forEach(shard -> shard.names().forEach(name -> holders.putIfAbsent(name, shard)));
            return new ShardedCheckpoint(index.toString(), shards, holders);
        } catch (RuntimeException e) {
            shards.values().forEach(Checkpoint::close);
            throw e;
        }
    }

    /** The files that an index names, in its order, whether they are there or not. */
    static List<Path> files(Path index) {
        Path folder = index.toAbsolutePath().getParent();
        return weightMap(index).values().stream()
                .distinct()
                .map(folder::resolve)
                .toList();
    }

    private static Map<String, String> weightMap(Path index) {
        JsonNode map = Json.read(index).path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw InputRefused.in(index, "this is no index of shards: there is no \"weight_map\" with tensors in it");
        }
        Map<String, String> found = new LinkedHashMap<>();
        map.properties().forEach(entry -> {
            String file = entry.getValue().isString() ? entry.getValue().stringValue() : "";
            if (file.isEmpty()
                    || file.contains("/")
                    || file.contains("\\")
                    || file.indexOf('\0') >= 0
                    || file.startsWith("..")) {
                throw InputRefused.in(
                        index,
                        "tensor " + entry.getKey() + " is said to lie in " + entry.getValue()
                                + ", expected the plain name of a file beside the index");
            }
            found.put(entry.getKey(), file);
        });
        return found;
    }

    private static void check(
            Path index, Map<String, String> map, List<String> missing, Map<String, Checkpoint> shards) {
        List<String> absent = new ArrayList<>();
        map.forEach((name, file) -> {
            Checkpoint shard = shards.get(file);
            if (shard != null && !shard.names().contains(name)) {
                absent.add(name + " (" + file + ")");
            }
        });
        Map<String, String> seen = new LinkedHashMap<>();
        List<String> twice = new ArrayList<>();
        shards.forEach((file, shard) -> shard.names().forEach(name -> {
            String other = seen.putIfAbsent(name, file);
            if (other != null) {
                twice.add(name + " (" + other + ", " + file + ")");
            }
        }));
        List<String> problems = new ArrayList<>();
        if (!missing.isEmpty()) {
            problems.add(missing.size() + " missing shards: " + Names.of(missing));
        }
        if (!absent.isEmpty()) {
            problems.add(absent.size() + " tensors that are not in the shard named for them: " + Names.of(absent));
        }
        if (!twice.isEmpty()) {
            problems.add(twice.size() + " tensors that several shards hold: " + Names.of(twice));
        }
        if (!problems.isEmpty()) {
            throw InputRefused.in(index, "the shards do not fit their index, " + String.join("; ", problems));
        }
    }

    @Override
    public String origin() {
        return origin;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(holders.keySet());
    }

    @Override
    public Optional<StoredTensor> find(String name) {
        return Optional.ofNullable(holders.get(name)).flatMap(shard -> shard.find(name));
    }

    @Override
    public TensorInfo describe(String name) {
        Checkpoint shard = holders.get(name);
        return shard == null ? Checkpoint.super.describe(name) : shard.describe(name);
    }

    /** The metadata of the first shard that has any. */
    @Override
    public Map<String, String> metadata() {
        return shards.values().stream()
                .map(Checkpoint::metadata)
                .filter(m -> !m.isEmpty())
                .findFirst()
                .orElse(Map.of());
    }

    @Override
    public void close() {
        shards.values().forEach(Checkpoint::close);
    }
}
