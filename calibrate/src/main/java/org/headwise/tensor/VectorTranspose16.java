package org.headwise.tensor;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The exchanges of {@link VectorTranspose} for vectors of 16 numbers, whose processors pick numbers out of two vectors
 * with one instruction. Numbers are moved as their bits: an index made of floats would be converted every time.
 */
final class VectorTranspose16 {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_512;
    private static final int L = 16;
    private static final IntVector LEFT_8 = kept(8);
    private static final IntVector RIGHT_8 = moved(8);
    private static final IntVector LEFT_4 = kept(4);
    private static final IntVector RIGHT_4 = moved(4);
    private static final IntVector LEFT_2 = kept(2);
    private static final IntVector RIGHT_2 = moved(2);
    private static final IntVector LEFT_1 = kept(1);
    private static final IntVector RIGHT_1 = moved(1);

    private VectorTranspose16() {}

    /** Lanes of the row without the bit, and in place of those with it the other row's lanes without it. */
    private static IntVector kept(int bit) {
        int[] from = new int[L];
        for (int i = 0; i < L; i++) {
            from[i] = (i & bit) == 0 ? i : L + (i ^ bit);
        }
        return IntVector.fromArray(IntVector.SPECIES_512, from, 0);
    }

    /** Lanes of the row with the bit, then the other row's lanes with it where they are. */
    private static IntVector moved(int bit) {
        int[] from = new int[L];
        for (int i = 0; i < L; i++) {
            from[i] = (i & bit) == 0 ? i | bit : L + i;
        }
        return IntVector.fromArray(IntVector.SPECIES_512, from, 0);
    }

    /** The powers 8 and 4. */
    static void upper(float[] x, int at, int stride, float[] block) {
        IntVector left8 = LEFT_8;
        IntVector right8 = RIGHT_8;
        IntVector left4 = LEFT_4;
        IntVector right4 = RIGHT_4;
        for (int i = 0; i < 4; i++) {
            IntVector a = FloatVector.fromArray(S, x, at + i * stride).reinterpretAsInts();
            IntVector b = FloatVector.fromArray(S, x, at + (i + 4) * stride).reinterpretAsInts();
            IntVector c = FloatVector.fromArray(S, x, at + (i + 8) * stride).reinterpretAsInts();
            IntVector d = FloatVector.fromArray(S, x, at + (i + 12) * stride).reinterpretAsInts();
            IntVector a2 = left8.selectFrom(a, c);
            IntVector b2 = left8.selectFrom(b, d);
            IntVector c2 = right8.selectFrom(a, c);
            IntVector d2 = right8.selectFrom(b, d);
            left4.selectFrom(a2, b2).reinterpretAsFloats().intoArray(block, i * L);
            right4.selectFrom(a2, b2).reinterpretAsFloats().intoArray(block, (i + 4) * L);
            left4.selectFrom(c2, d2).reinterpretAsFloats().intoArray(block, (i + 8) * L);
            right4.selectFrom(c2, d2).reinterpretAsFloats().intoArray(block, (i + 12) * L);
        }
    }

    /** The powers 2 and 1. */
    static void lower(float[] block, float[] into, int at, int stride) {
        IntVector left2 = LEFT_2;
        IntVector right2 = RIGHT_2;
        IntVector left1 = LEFT_1;
        IntVector right1 = RIGHT_1;
        for (int i = 0; i < L; i += 4) {
            IntVector a = FloatVector.fromArray(S, block, i * L).reinterpretAsInts();
            IntVector b = FloatVector.fromArray(S, block, (i + 1) * L).reinterpretAsInts();
            IntVector c = FloatVector.fromArray(S, block, (i + 2) * L).reinterpretAsInts();
            IntVector d = FloatVector.fromArray(S, block, (i + 3) * L).reinterpretAsInts();
            IntVector a2 = left2.selectFrom(a, c);
            IntVector b2 = left2.selectFrom(b, d);
            IntVector c2 = right2.selectFrom(a, c);
            IntVector d2 = right2.selectFrom(b, d);
            left1.selectFrom(a2, b2).reinterpretAsFloats().intoArray(into, at + i * stride);
            right1.selectFrom(a2, b2).reinterpretAsFloats().intoArray(into, at + (i + 1) * stride);
            left1.selectFrom(c2, d2).reinterpretAsFloats().intoArray(into, at + (i + 2) * stride);
            right1.selectFrom(c2, d2).reinterpretAsFloats().intoArray(into, at + (i + 3) * stride);
        }
    }
}
