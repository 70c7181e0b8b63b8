package org.headwise.checkpoint;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleException;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;
import org.headwise.files.InputRefused;

/**
 * Reads the pickle of a checkpoint into dictionaries, lists, tuples (arrays), numbers, texts and {@link PickledTensor}s.
 * Classes are looked up in {@link TorchTypes} and nowhere else: the library's own registry of classes, which is shared by
 * the whole process, its instances of unknown classes and its call of Java methods for BUILD are all out of reach.
 * Nothing here recurses, whatever the nesting of the pickle.
 */
final class TorchUnpickler extends Unpickler {
    private final Map<String, PickledStorage> storages = new LinkedHashMap<>();

    /**
     * What a pickle holds.
     *
     * @param storages all storages that its tensors lie in, by key
     * @param bytes length of the pickle
     */
    record Pickled(Object value, Map<String, PickledStorage> storages, long bytes) {}

    private TorchUnpickler() {}

    /** Reads the pickle that begins at byte {@code from}; anything but data and the types of tensors is refused. */
    static Pickled read(String origin, MemorySegment data, long from) {
        byte[] pickle = PickleScan.pickle(origin, data, from);
        TorchUnpickler unpickler = new TorchUnpickler();
        try {
            return new Pickled(unpickler.loads(pickle), unpickler.storages, pickle.length);
        } catch (MalformedPickle e) {
            throw new InputRefused(origin + ": the pickle " + Names.shown(e.getMessage()), e);
        } catch (IOException | RuntimeException e) {
            // The library meets malformed input with whatever its collections throw.
            String what =
                    e instanceof PickleException ? e.getMessage() : e.getClass().getSimpleName();
            throw new InputRefused(
                    origin + ": the pickle is malformed (" + Names.shown(String.valueOf(what))
                            + "); fetch the file again",
                    e);
        }
    }

    @Override
    protected Object dispatch(short key) throws IOException {
        switch (key) {
            case Opcodes.GLOBAL -> {
                String module = PickleUtils.readline(input);
                stack.add(TorchTypes.find(module, PickleUtils.readline(input)));
            }
            case Opcodes.STACK_GLOBAL -> {
                Object name = stack.pop();
                Object module = stack.pop();
                stack.add(TorchTypes.find(text(module), text(name)));
            }
            case Opcodes.INST -> {
                String module = PickleUtils.readline(input);
                throw TorchTypes.unknown(module, PickleUtils.readline(input));
            }
            case Opcodes.REDUCE, Opcodes.NEWOBJ -> {
                Object arguments = stack.pop();
                stack.add(call(stack.pop(), arguments));
            }
            case Opcodes.BUILD -> build();
            case Opcodes.OBJ, Opcodes.NEWOBJ_EX, Opcodes.PERSID ->
                throw new MalformedPickle(String.format("has the opcode 0x%02x, which no checkpoint needs", key));
            case Opcodes.EMPTY_DICT -> stack.add(new LinkedHashMap<Object, Object>());
            case Opcodes.DICT -> {
                List<Object> items = stack.pop_all_since_marker();
                stack.add(new LinkedHashMap<Object, Object>());
                put(items);
            }
            case Opcodes.SETITEM -> {
                Object value = stack.pop();
                Object name = stack.pop();
                put(listOf(name, value));
            }
            case Opcodes.SETITEMS -> put(stack.pop_all_since_marker());
            case Opcodes.APPENDS -> append(stack.pop_all_since_marker());
            case Opcodes.APPEND -> append(listOf(stack.pop()));
            // No weight lies in a set.
            case Opcodes.EMPTY_SET -> stack.add(TorchTypes.Inert.VALUE);
            case Opcodes.ADDITEMS, Opcodes.POP_MARK -> stack.pop_all_since_marker();
            case Opcodes.FROZENSET -> {
                stack.pop_all_since_marker();
                stack.add(TorchTypes.Inert.VALUE);
            }
            default -> {
                return super.dispatch(key);
            }
        }
        return NO_RETURN_VALUE;
    }

    private static String text(Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw new MalformedPickle("names a class by something that is no text");
    }

    private static Object call(Object function, Object arguments) {
        if (function instanceof TorchTypes.Function known && arguments instanceof Object[] list) {
            return known.call(list);
        }
        throw new MalformedPickle("calls something that is no function");
    }

    /** State beside the data, such as the versions of modules that an OrderedDict carries, is dropped. */
    private void build() {
        stack.pop();
        if (!(stack.peek() instanceof Map
                || stack.peek() instanceof PickledTensor
                || stack.peek() == TorchTypes.Inert.VALUE)) {
            throw new MalformedPickle("sets the state of something that has none");
        }
    }

    private void put(List<Object> items) {
        if (!(stack.peek() instanceof Map<?, ?>) || items.size() % 2 != 0) {
            throw new MalformedPickle("puts items into something that is no dictionary");
        }
        @SuppressWarnings("unchecked")
        Map<Object, Object> map = (Map<Object, Object>) stack.peek();
        for (int i = 0; i < items.size(); i += 2) {
            map.put(TorchTypes.key(items.get(i)), items.get(i + 1));
        }
    }

    private void append(List<Object> items) {
        if (!(stack.peek() instanceof ArrayList<?>)) {
            throw new MalformedPickle("appends to something that is no list");
        }
        @SuppressWarnings("unchecked")
        List<Object> list = (List<Object>) stack.peek();
        list.addAll(items);
    }

    private static List<Object> listOf(Object... values) {
        return Arrays.asList(values);
    }

    @Override
    protected Object persistentLoad(Object id) {
        PickledStorage storage = PickledStorage.of(id);
        PickledStorage other = storages.putIfAbsent(storage.key(), storage);
        if (other != null && other.bytes() != storage.bytes()) {
            throw new MalformedPickle("gives storage " + storage.key() + " " + storage.bytes() + " bytes here and "
                    + other.bytes() + " there");
        }
        return storage;
    }
}
