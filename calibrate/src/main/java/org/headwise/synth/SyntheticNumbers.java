package org.headwise.synth;

import java.nio.ByteBuffer;
import org.headwise.checkpoint.SafetensorsWriter;
import org.headwise.tensor.DType;

/**
 * The numbers of one tensor, each a function of seed, name and index alone: SplitMix64 (Steele, Lea, Flood 2014) at that
 * index, its four 16-bit parts added up and scaled, which has the shape of a bell between -3.46 and 3.46 deviations.
 */
final class SyntheticNumbers implements SafetensorsWriter.Elements {
    private static final long GAMMA = 0x9e3779b97f4a7c15L;
    private static final int PARTS_MEAN = 2 * 65535;
    /** Deviation of the sum of four draws from 0 to 65535: sqrt(4 (65536^2 - 1) / 12). */
    private static final float PARTS_DEVIATION = 37837.227f;

    private final DType dtype;
    private final long start;
    private final float mean;
    private final float factor;

    SyntheticNumbers(SyntheticTensor tensor, DType dtype, long seed) {
        this.dtype = dtype;
        this.mean = tensor.mean();
        this.factor = tensor.deviation() / PARTS_DEVIATION;
        long state = mixed(seed + GAMMA);
        for (int i = 0; i < tensor.name().length(); i++) {
            state = mixed(state + GAMMA + tensor.name().charAt(i));
        }
        this.start = state;
    }

    private static long mixed(long state) {
        long z = (state ^ state >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    float at(int index) {
        if (factor == 0) {
            return mean;
        }
        long bits = mixed(start + (index + 1L) * GAMMA);
        int sum = (int) (bits & 0xffff)
                + (int) (bits >>> 16 & 0xffff)
                + (int) (bits >>> 32 & 0xffff)
                + (int) (bits >>> 48);
        return mean + (sum - PARTS_MEAN) * factor;
    }

    @Override
    public void put(ByteBuffer into, int index) {
        switch (dtype) {
            case F32 -> into.putFloat(at(index));
            case BF16 -> into.putShort(DType.toBf16(at(index)));
            default -> into.putShort(Float.floatToFloat16(at(index)));
        }
    }
}
