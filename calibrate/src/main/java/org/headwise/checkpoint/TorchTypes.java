package org.headwise.checkpoint;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.headwise.tensor.DType;

/**
 * The classes and functions that a checkpoint may name, and what they become. All others are refused by name; none of
 * them is ever looked for in Python or in Java.
 */
final class TorchTypes {
    /** A function of the list; it only builds data. */
    @FunctionalInterface
    interface Function {
        Object call(Object[] arguments);
    }

    /** A class of storages. */
    record Storage(DType dtype) {}

    /** Stands for values without weights, whatever they were. */
    enum Inert {
        VALUE
    }

    private static final Map<String, DType> STORAGES = Map.ofEntries(
            Map.entry("DoubleStorage", DType.F64),
            Map.entry("FloatStorage", DType.F32),
            Map.entry("HalfStorage", DType.F16),
            Map.entry("BFloat16Storage", DType.BF16),
            Map.entry("LongStorage", DType.I64),
            Map.entry("IntStorage", DType.I32),
            Map.entry("ShortStorage", DType.I16),
            Map.entry("CharStorage", DType.I8),
            Map.entry("ByteStorage", DType.U8),
            Map.entry("BoolStorage", DType.BOOL));

    private static final Map<String, DType> DTYPES = Map.ofEntries(
            Map.entry("torch.float64", DType.F64),
            Map.entry("torch.float32", DType.F32),
            Map.entry("torch.float16", DType.F16),
            Map.entry("torch.bfloat16", DType.BF16),
            Map.entry("torch.int64", DType.I64),
            Map.entry("torch.int32", DType.I32),
            Map.entry("torch.int16", DType.I16),
            Map.entry("torch.int8", DType.I8),
            Map.entry("torch.uint8", DType.U8),
            Map.entry("torch.bool", DType.BOOL));

    private static final Map<String, Function> FUNCTIONS = Map.ofEntries(
            Map.entry("collections.OrderedDict", TorchTypes::orderedDict),
            Map.entry("torch._utils._rebuild_tensor", TorchTypes::tensor),
            Map.entry("torch._utils._rebuild_tensor_v2", TorchTypes::tensor),
            Map.entry("torch._utils._rebuild_tensor_v3", TorchTypes::untypedTensor),
            Map.entry("torch._utils._rebuild_parameter", TorchTypes::parameter),
            Map.entry("torch._utils._rebuild_parameter_with_state", TorchTypes::parameter),
            Map.entry("torch._tensor._rebuild_from_type", TorchTypes::subclass),
            Map.entry("torch._tensor._rebuild_from_type_v2", TorchTypes::subclass),
            Map.entry("torch.tensor._rebuild_from_type", TorchTypes::subclass),
            Map.entry("torch.Size", arguments -> arguments.length == 1 ? arguments[0] : Inert.VALUE));

    /** Harmless values that trainers put beside the weights: settings, devices, random states, numbers of NumPy. */
    private static final Set<String> INERT = Set.of(
            "torch.device",
            "torch.serialization._get_layout",
            "argparse.Namespace",
            "collections.Counter",
            "builtins.set",
            "builtins.frozenset",
            "__builtin__.set",
            "__builtin__.frozenset",
            "_codecs.encode",
            "numpy.dtype",
            "numpy.core.multiarray.scalar",
            "numpy._core.multiarray.scalar");

    /** The classes that subclassed tensors may claim. */
    private static final Set<String> TENSORS =
            Set.of("torch.Tensor", "torch._tensor.Tensor", "torch.nn.parameter.Parameter", "torch.nn.parameter.Buffer");

    private TorchTypes() {}

    /** What a name of the list stands for. */
    static Object find(String module, String name) {
        String full = module + "." + name;
        if (FUNCTIONS.containsKey(full)) {
            return FUNCTIONS.get(full);
        }
        if (DTYPES.containsKey(full)) {
            return DTYPES.get(full);
        }
        if (STORAGES.containsKey(name) && (module.equals("torch") || module.equals("torch.cuda"))) {
            return new Storage(STORAGES.get(name));
        }
        if (full.equals("torch.storage.UntypedStorage")) {
            return new Storage(DType.U8);
        }
        if (INERT.contains(full)) {
            return (Function) arguments -> Inert.VALUE;
        }
        if (TENSORS.contains(full) || full.equals("torch.strided")) {
            return Inert.VALUE;
        }
        throw unknown(module, name);
    }

    /** The refusal of a name that is not on the list. */
    static MalformedPickle unknown(String module, String name) {
        return name.endsWith("Storage") && module.startsWith("torch")
                ? new MalformedPickle("has a storage of type " + module + "." + name
                        + ", which this version does not read; save the tensor as float32")
                : new MalformedPickle("names " + module + "." + name
                        + ", which is none of the types that weights need, and nothing was run; save the model's"
                        + " state_dict alone, or do not use this file");
    }

    /** Something that may be the key of a dictionary: hashing a container could take for ever. */
    static Object key(Object key) {
        if (key instanceof Map || key instanceof List) {
            throw new MalformedPickle("has a container for the key of a dictionary");
        }
        return key;
    }

    /** A count that cannot be negative. */
    static long size(Object value, String what) {
        long size = switch (value) {
            case Integer number -> number;
            case Long number -> number;
            case BigInteger number -> throw new MalformedPickle("has " + what + " of more than 63 bits");
            case null, default -> throw new MalformedPickle("has " + what + " that are no whole number");
        };
        if (size < 0) {
            throw new MalformedPickle("has " + size + " for " + what + ", expected none below 0");
        }
        return size;
    }

    private static Object orderedDict(Object[] arguments) {
        Map<Object, Object> map = new LinkedHashMap<>();
        if (arguments.length == 1 && arguments[0] instanceof List<?> pairs) {
            for (Object entry : pairs) {
                Object[] pair = entry instanceof List<?> list ? list.toArray() : tuple(entry, "an ordered dictionary");
                if (pair.length != 2) {
                    throw new MalformedPickle("has an ordered dictionary of " + pair.length + " values in an item");
                }
                map.put(key(pair[0]), pair[1]);
            }
        } else if (arguments.length != 0) {
            throw new MalformedPickle("makes an ordered dictionary from something that is no list of pairs");
        }
        return map;
    }

    /** {@code _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)}; the first version ends with stride. */
    private static Object tensor(Object[] arguments) {
        if (arguments.length < 4 || !(arguments[0] instanceof PickledStorage storage)) {
            throw new MalformedPickle("makes a tensor from something that is no storage");
        }
        return view(storage, storage.dtype(), arguments);
    }

    /** {@code _rebuild_tensor_v3(untyped storage, offset, size, stride, requires_grad, hooks, dtype)}. */
    private static Object untypedTensor(Object[] arguments) {
        if (arguments.length < 7
                || !(arguments[0] instanceof PickledStorage storage)
                || !(arguments[6] instanceof DType dtype)) {
            throw new MalformedPickle("makes a tensor from something that is no storage and type");
        }
        return view(storage, dtype, arguments);
    }

    private static PickledTensor view(PickledStorage storage, DType dtype, Object[] arguments) {
        return PickledTensor.of(
                storage,
                dtype,
                size(arguments[1], "a storage offset"),
                sizes(arguments[2], "extents of a tensor"),
                sizes(arguments[3], "strides of a tensor"));
    }

    private static long[] sizes(Object value, String what) {
        Object[] list = tuple(value, what);
        long[] sizes = new long[list.length];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = size(list[i], what);
        }
        return sizes;
    }

    private static Object[] tuple(Object value, String what) {
        if (value instanceof Object[] list) {
            return list;
        }
        throw new MalformedPickle("has " + what + " that are no tuple");
    }

    /** {@code _rebuild_parameter(tensor, requires_grad, hooks)}. */
    private static Object parameter(Object[] arguments) {
        if (arguments.length >= 1 && arguments[0] instanceof PickledTensor tensor) {
            return tensor;
        }
        throw new MalformedPickle("makes a parameter from something that is no tensor");
    }

    /** {@code _rebuild_from_type_v2(function, class, arguments, state)}: the class is one of {@link #TENSORS}. */
    private static Object subclass(Object[] arguments) {
        if (arguments.length >= 3
                && arguments[0] instanceof Function function
                && arguments[2] instanceof Object[] list) {
            // Only the functions for tensors themselves, so that calls cannot nest.
            boolean plain =
                    List.of("_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3", "_rebuild_parameter")
                            .stream()
                            .anyMatch(name -> FUNCTIONS.get("torch._utils." + name) == function);
            if (plain) {
                return function.call(list);
            }
        }
        throw new MalformedPickle("makes a subclass of a tensor from something that is no tensor");
    }
}
