package org.headwise.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URISyntaxException;
import java.nio.file.Path;
import org.headwise.checkpoint.Checkpoint;
import org.headwise.checkpoint.Checkpoints;
import org.junit.jupiter.api.Test;

/** Against what PyTorch's F.interpolate made of the same numbers; its own rounding of positions shows from 1e-6 on. */
class ResizeTest {
    @Test
    void resizesAsPyTorchDid() throws URISyntaxException {
        Path file = Path.of(ResizeTest.class
                .getResource("/reference/infinity/unit_interp.safetensors")
                .toURI());
        Cases cases = new Cases(0);
        int pairs = 0;
        try (Engine engine = Engine.vector(1);
                Checkpoint recorded = Checkpoints.open(file)) {
            for (String name : recorded.names()) {
                if (!name.endsWith(".x")) {
                    continue;
                }
                pairs++;
                String pair = name.substring(0, name.length() - 2);
                Tensor x = recorded.get(name).toTensor();
                Tensor bilinear = recorded.get(pair + ".trilinear").toTensor();
                Tensor area = recorded.get(pair + ".area").toTensor();
                int height = bilinear.dim(-2);
                int width = bilinear.dim(-1);
                cases.close(
                        pair + " bilinear",
                        bilinear.data(),
                        engine.resizeBilinear(x, height, width).data(),
                        5e-6,
                        0);
                cases.close(
                        pair + " area",
                        area.data(),
                        engine.resizeArea(x, height, width).data(),
                        5e-6,
                        0);
            }
        }
        assertEquals(8, pairs);
    }
}
