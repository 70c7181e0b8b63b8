package org.headwise.workbench;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Asks the CUDA driver, if there is one, for its devices; a machine without a driver is an ordinary one. */
@SuppressWarnings("restricted")
final class CudaDriver {
    private static final int CAPABILITY_MAJOR = 75;
    private static final int CAPABILITY_MINOR = 76;

    private final Arena arena;
    private final SymbolLookup library;

    private CudaDriver(Arena arena, SymbolLookup library) {
        this.arena = arena;
        this.library = library;
    }

    /**
     * What the driver answers.
     *
     * @param obstacle why there is nothing to compute on; empty if there is
     */
    record Answer(List<String> devices, Optional<String> obstacle) {
        private static Answer none(String obstacle) {
            return new Answer(List.of(), Optional.of(obstacle));
        }

        /** For the table of {@code doctor}: no card is no fault. */
        Finding finding() {
            return Finding.note(
                    "CUDA driver",
                    obstacle.map(text -> text + "; the processor does the work")
                            .orElseGet(() -> devices.size()
                                    + (devices.size() == 1 ? " device: " : " devices: ")
                                    + String.join("; ", devices)));
        }
    }

    /** Asks the driver of this system. */
    static Answer ask() {
        return ask(System.getProperty("os.name").startsWith("Windows") ? "nvcuda.dll" : "libcuda.so.1");
    }

    /** Asks the driver called {@code libraryName}. */
    static Answer ask(String libraryName) {
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup library;
            try {
                library = SymbolLookup.libraryLookup(libraryName, arena);
            } catch (IllegalArgumentException absent) {
                return Answer.none("there is no CUDA driver (" + libraryName + " is absent)");
            }
            return new CudaDriver(arena, library).answer();
        }
    }

    private Answer answer() {
        int code = call("cuInit", 0);
        if (code != 0) {
            return Answer.none("the CUDA driver does not start (error " + code + ")");
        }
        MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
        code = call("cuDeviceGetCount", number);
        if (code != 0) {
            return Answer.none("the CUDA driver counts no devices (error " + code + ")");
        }
        int count = number.get(ValueLayout.JAVA_INT, 0);
        if (count == 0) {
            return Answer.none("the CUDA driver has no device");
        }
        return new Answer(IntStream.range(0, count).mapToObj(this::device).toList(), Optional.empty());
    }

    private String device(int device) {
        MemorySegment name = arena.allocate(256);
        if (call("cuDeviceGetName", name, 256, device) != 0) {
            return "device " + device + " has no name";
        }
        return name.getString(0) + ", compute capability " + attribute(CAPABILITY_MAJOR, device) + "."
                + attribute(CAPABILITY_MINOR, device);
    }

    private String attribute(int attribute, int device) {
        MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
        return call("cuDeviceGetAttribute", value, attribute, device) == 0
                ? Integer.toString(value.get(ValueLayout.JAVA_INT, 0))
                : "?";
    }

    /** Calls a function of the driver with integers and pointers; 0 is success, -1 a function that is missing. */
    private int call(String function, Object... arguments) {
        ValueLayout[] layouts = new ValueLayout[arguments.length];
        for (int i = 0; i < layouts.length; i++) {
            layouts[i] = arguments[i] instanceof MemorySegment ? ValueLayout.ADDRESS : ValueLayout.JAVA_INT;
        }
        return library.find(function)
                .map(address -> {
                    try {
                        return (int) Linker.nativeLinker()
                                .downcallHandle(address, FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts))
                                .invokeWithArguments(arguments);
                    } catch (Throwable e) {
                        throw new IllegalStateException(function + " could not be called", e);
                    }
                })
                .orElse(-1);
    }
}
