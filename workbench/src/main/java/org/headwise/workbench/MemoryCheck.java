package org.headwise.workbench;

import java.util.List;
import java.util.Optional;
import org.headwise.files.InputRefused;
import org.headwise.memory.MachineMemory;
import org.headwise.memory.MemoryPlan;
import org.headwise.memory.ModelShapes;
import org.headwise.memory.NoRoom;
import org.headwise.model.ModelSource;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;

/** Plans the memory of a run and refuses it before anything is allocated if it cannot fit. */
final class MemoryCheck {
    private MemoryCheck() {}

    /** @param ignored whether to say what does not fit, and go on */
    static void require(
            Session session, String name, ModelSource source, DType weights, MemoryUse use, boolean ignored) {
        Optional<ModelShapes> shapes = shapes(source);
        if (shapes.isEmpty() || session.options().backend != Backend.vector) {
            return;
        }
        MemoryPlan plan =
                MemoryPlan.of(shapes.get(), use.of(shapes.get().geometry(), weights, session.threads(), panel()));
        MachineMemory machine = MachineMemory.now();
        List<String> obstacles = machine.obstacles(plan);
        session.detail("memory: " + MachineMemory.show(plan.process()) + " planned, of which "
                + MachineMemory.show(plan.heap()) + " in the Java heap");
        if (obstacles.isEmpty()) {
            return;
        }
        NoRoom refusal = new NoRoom(name, obstacles);
        if (!ignored) {
            throw refusal;
        }
        session.say("note: " + refusal.getMessage());
    }

    /** What is wrong with a file is said best by what reads it, so it is no matter here. */
    private static Optional<ModelShapes> shapes(ModelSource source) {
        try {
            return Optional.of(ModelShapes.of(source));
        } catch (InputRefused e) {
            return Optional.empty();
        }
    }

    /** Outputs in a panel of the matrices of this machine. */
    static int panel() {
        try (Engine engine = Engine.vector(1)) {
            return engine.kernels().panel();
        }
    }
}
