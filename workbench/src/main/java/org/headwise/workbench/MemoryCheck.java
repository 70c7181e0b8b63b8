package org.headwise.workbench;

import java.util.List;
import java.util.Optional;
import org.headwise.files.InputRefused;
import org.headwise.memory.MachineMemory;
import org.headwise.memory.MemoryPlan;
import org.headwise.memory.ModelShapes;
import org.headwise.memory.NoRoom;
import org.headwise.memory.WeightHolding;
import org.headwise.model.ModelSource;
import org.headwise.tensor.DType;
import org.headwise.tensor.Engine;

/** Plans the memory of a run and refuses it before anything is allocated if it cannot fit. */
final class MemoryCheck {
    private MemoryCheck() {}

    /**
     * @param weights number format of the large matrices, or null for those that stay in their files
     * @param ignored whether to say what does not fit, and go on
     */
    static void require(
            Session session, String name, ModelSource source, DType weights, MemoryUse use, boolean ignored) {
        Optional<ModelShapes> shapes = shapes(source);
        Optional<WeightHolding> holding = holding(session, weights);
        if (shapes.isEmpty() || holding.isEmpty()) {
            return;
        }
        MemoryPlan plan = MemoryPlan.of(shapes.get(), use.of(shapes.get(), holding.get(), session.threads()));
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

    /** How a backend holds matrices; empty if it does so on a card, or cannot hold them in that way. */
    static Optional<WeightHolding> holding(Session session, DType weights) {
        return switch (session.options().backend) {
            case vector -> Optional.of(new WeightHolding(weights, panel(Engine.vector(1))));
            case scalar -> Optional.of(new WeightHolding(weights, panel(Engine.scalar(1))));
            case nd4j -> weights == null ? Optional.empty() : Optional.of(WeightHolding.byLibrary());
            case cuda -> Optional.empty();
        };
    }

    /** Outputs in a panel of the matrices of an engine. */
    private static int panel(Engine engine) {
        try (engine) {
            return engine.kernels().panel();
        }
    }
}
