package org.headwise.schedules.conform;

import org.headwise.checkpoint.StoredTensor;
import org.headwise.tensor.Tensor;

/** Kind {@code unit}, resizing between grids: two-tap and by area. */
final class InterpolationCheck implements CaseCheck {
    @Override
    public boolean covers(RecordedCase recorded) {
        return recorded.kind().equals("unit")
                && recorded.tensorNames().stream().anyMatch(name -> name.endsWith(".x"))
                && recorded.tensorNames().stream()
                        .anyMatch(name -> name.endsWith(".trilinear") || name.endsWith(".area"));
    }

    @Override
    public void check(RecordedCase recorded, Workshop workshop, Comparison out) {
        for (String name : recorded.tensorNames()) {
            if (name.endsWith(".x")) {
                Tensor x = planes(recorded, recorded.tensor(name));
                String prefix = name.substring(0, name.length() - 1);
                if (recorded.hasTensor(prefix + "trilinear")) {
                    StoredTensor expected = recorded.tensor(prefix + "trilinear");
                    Tensor to = planes(recorded, expected);
                    Tensor got = workshop.engine().resizeBilinear(x, to.dim(2), to.dim(3));
                    out.close(expected, got.data(), recorded.tolerance("trilinear"));
                }
                if (recorded.hasTensor(prefix + "area")) {
                    StoredTensor expected = recorded.tensor(prefix + "area");
                    Tensor to = planes(recorded, expected);
                    Tensor got = workshop.engine().resizeArea(x, to.dim(2), to.dim(3));
                    out.close(expected, got.data(), recorded.tolerance("area"));
                }
            }
        }
    }

    /** [batch, channels, 1, height, width] without its time axis. */
    private static Tensor planes(RecordedCase recorded, StoredTensor stored) {
        Tensor x = stored.toTensor();
        if (x.rank() != 5 || x.dim(2) != 1) {
            throw recorded.refuse(
                    "tensor " + stored.name() + " is " + x + ", expected [batch, channels, 1, height, width]");
        }
        return x.reshape(x.dim(0), x.dim(1), x.dim(3), x.dim(4));
    }
}
