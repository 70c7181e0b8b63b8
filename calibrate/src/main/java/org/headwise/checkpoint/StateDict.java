package org.headwise.checkpoint;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.headwise.files.InputRefused;

/**
 * Finds the weights in what a checkpoint holds. Trainers wrap them, beside optimizers and averages ("ema", not used),
 * into dictionaries of well-known names; without such a wrapper all tensors are taken, named by their path.
 */
final class StateDict {
    /** Names of wrappers; the first that is there and holds tensors is entered. */
    private static final List<String> WRAPPERS = List.of(
            "trainer",
            "gpt_fsdp",
            "state_dict",
            "model_state_dict",
            "model",
            "module",
            "vae",
            "generator",
            "weights",
            "params",
            "tensors");

    private static final int MAX_DEPTH = 64;
    private static final int MAX_VISITS = 1 << 20;
    private static final int MAX_TENSORS = 200_000;
    private static final int MAX_NAME = 1000;
    private static final int MAX_TEXTS = 200;
    private static final int MAX_TEXT_DEPTH = 3;

    private final String origin;
    private final Map<String, PickledTensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> texts = new LinkedHashMap<>();
    private int visits;

    private StateDict(String origin) {
        this.origin = origin;
    }

    /**
     * The weights.
     *
     * @param tensors by name, in the order of the file
     * @param texts short texts, numbers and flags, by path
     */
    record Found(Map<String, PickledTensor> tensors, Map<String, String> texts) {}

    static Found in(String origin, Object value) {
        StateDict dict = new StateDict(origin);
        dict.depth(value, 0, new IdentityHashMap<>());
        dict.collectTexts(value, "", 0);
        dict.visits = 0;
        dict.collect(dict.weights(value), "", 0);
        if (dict.tensors.isEmpty()) {
            throw new InputRefused(origin + ": the checkpoint holds no tensors");
        }
        return new Found(dict.tensors, dict.texts);
    }

    /** Everything is looked at once, so that no nesting is deeper than what the rest of this class walks. */
    private void depth(Object value, int depth, Map<Object, Boolean> seen) {
        if (depth > MAX_DEPTH) {
            throw new InputRefused(origin + ": the checkpoint nests its contents more than " + MAX_DEPTH + " deep");
        }
        Iterable<?> inside = switch (value) {
            case Map<?, ?> map -> map.values();
            case List<?> list -> list;
            case Object[] tuple -> Arrays.asList(tuple);
            case null, default -> List.of();
        };
        if (value != null && seen.put(value, true) == null) {
            inside.forEach(each -> depth(each, depth + 1, seen));
        }
    }

    private Object weights(Object value) {
        Object at = value;
        for (int depth = 0; depth < MAX_DEPTH && at instanceof Map<?, ?> map; depth++) {
            if (map.values().stream().anyMatch(PickledTensor.class::isInstance)) {
                return at;
            }
            Object inside = WRAPPERS.stream()
                    .map(map::get)
                    .filter(each -> each instanceof Map && holdsTensor(each, 0))
                    .findFirst()
                    .orElse(null);
            if (inside == null) {
                return at;
            }
            at = inside;
        }
        return at;
    }

    private boolean holdsTensor(Object value, int depth) {
        count(depth);
        return value instanceof PickledTensor
                || value instanceof Map<?, ?> map
                        && map.values().stream().anyMatch(each -> holdsTensor(each, depth + 1));
    }

    private void collect(Object value, String path, int depth) {
        count(depth);
        switch (value) {
            case PickledTensor tensor -> add(path.isEmpty() ? "tensor" : path, tensor);
            case Map<?, ?> map ->
                map.forEach((key, inside) -> {
                    if (isWorth(inside)) {
                        collect(inside, join(path, key), depth + 1);
                    }
                });
            case List<?> list -> collect(list.toArray(), path, depth);
            case Object[] tuple -> {
                for (int i = 0; i < tuple.length; i++) {
                    if (isWorth(tuple[i])) {
                        collect(tuple[i], join(path, i), depth + 1);
                    }
                }
            }
            case null, default -> {}
        }
    }

    private static boolean isWorth(Object value) {
        return value instanceof PickledTensor
                || value instanceof Map
                || value instanceof List
                || value instanceof Object[];
    }

    private void add(String name, PickledTensor tensor) {
        if (tensors.putIfAbsent(name, tensor) != null || tensors.size() > MAX_TENSORS) {
            throw new InputRefused(origin + ": the checkpoint has "
                    + (tensors.size() > MAX_TENSORS
                            ? "more than " + MAX_TENSORS + " tensors"
                            : "two tensors " + Names.shown(name)));
        }
    }

    private String join(String path, Object key) {
        String text = key instanceof Object[] ? "tuple" : String.valueOf(key);
        if (path.length() + text.length() >= MAX_NAME) {
            throw new InputRefused(origin + ": the checkpoint has a name of more than " + MAX_NAME + " characters, "
                    + Names.shown(path + text.substring(0, Math.min(100, text.length()))));
        }
        return path.isEmpty() ? text : path + "." + text;
    }

    private void count(int depth) {
        if (depth > MAX_DEPTH || ++visits > MAX_VISITS) {
            throw new InputRefused(
                    origin + ": the checkpoint contains itself, or its parts more often than a model needs");
        }
    }

    /** Settings that trainers note beside the weights: not those of single parameters, which lie in lists. */
    private void collectTexts(Object value, String path, int depth) {
        if (!(value instanceof Map<?, ?> map) || depth > MAX_TEXT_DEPTH) {
            return;
        }
        count(depth);
        map.forEach((key, inside) -> {
            boolean plain = inside instanceof Number
                    || inside instanceof Boolean
                    || inside instanceof String text && text.length() <= MAX_NAME;
            if (key instanceof String name && path.length() + name.length() < MAX_NAME && texts.size() < MAX_TEXTS) {
                if (plain) {
                    texts.put(join(path, name), String.valueOf(inside));
                } else {
                    collectTexts(inside, join(path, name), depth + 1);
                }
            }
        });
    }
}
