package org.headwise.schedules.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.headwise.datasets.Picture;
import org.junit.jupiter.api.Test;

class MetricsTest {
    @Test
    void psnrOfAKnownDifference() {
        byte[] black = new byte[3 * 16 * 12];
        byte[] gray = new byte[black.length];
        java.util.Arrays.fill(gray, (byte) 51);
        // A difference of a fifth of the peak everywhere: 20 log10(5).
        double psnr = PictureDistance.psnr(new Picture(16, 12, black), new Picture(16, 12, gray));
        assertEquals(20 * Math.log10(5), psnr, 1e-12);
        assertEquals(
                Double.POSITIVE_INFINITY, PictureDistance.psnr(new Picture(16, 12, black), new Picture(16, 12, black)));
    }

    /** Computed with NumPy by two separable convolutions (sigma 1.5, 11 taps), population variances, interior pixels. */
    @Test
    void ssimOfAPatternAsNumPyComputesIt() {
        Picture a = pattern(0);
        Picture b = pattern(3);
        assertEquals(SSIM_OF_PATTERNS, PictureDistance.ssim(a, b), 1e-9);
        assertEquals(1, PictureDistance.ssim(a, a), 1e-12);
        assertThrows(IllegalArgumentException.class, () -> PictureDistance.ssim(a, new Picture(1, 1, new byte[3])));
    }

    private static final double SSIM_OF_PATTERNS = 0.18021427764175027;

    private static Picture pattern(int shift) {
        byte[] rgb = new byte[3 * 24 * 20];
        for (int y = 0; y < 20; y++) {
            for (int x = 0; x < 24; x++) {
                for (int c = 0; c < 3; c++) {
                    rgb[(y * 24 + x) * 3 + c] = (byte) ((x * (7 + c) + y * y * 3 + shift * (x + 2 * c)) % 256);
                }
            }
        }
        return new Picture(24, 20, rgb);
    }

    @Test
    void divergenceOfTwoBitsByHand() {
        // p = (1/4, 3/4), q = (1/2, 1/2): KL = ln 2 - H(p).
        float[] p = {0, (float) Math.log(3)};
        float[] q = {5, 5};
        double expected = 0.25 * Math.log(0.5) + 0.75 * Math.log(1.5);
        assertEquals(expected, IdDistance.divergence(p, q, 2), 1e-7);
        assertEquals(0, IdDistance.divergence(p, p, 2), 0);
    }

    @Test
    void divergenceIsNeverNegativeAndIgnoresShifts() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int trial = 0; trial < 200; trial++) {
            int choices = random.nextInt(2, 6);
            float[] p = new float[choices * 7];
            float[] q = new float[p.length];
            float[] shifted = new float[p.length];
            for (int i = 0; i < p.length; i++) {
                p[i] = (float) random.nextGaussian(0, 3);
                q[i] = (float) random.nextGaussian(0, 3);
                shifted[i] = q[i] + i / choices;
            }
            double divergence = IdDistance.divergence(p, q, choices);
            assertTrue(divergence >= 0, "seed " + seed);
            assertEquals(divergence, IdDistance.divergence(p, shifted, choices), 1e-5, "seed " + seed);
        }
    }

    @Test
    void agreementCountsEqualIds() {
        assertEquals(0.75, IdDistance.agreement(new int[] {1, 0, 1, 1}, new int[] {1, 0, 0, 1}));
        assertThrows(IllegalArgumentException.class, () -> IdDistance.agreement(new int[2], new int[3]));
    }

    @Test
    void summariesLeaveOutWhatIsInfiniteAndSaySo() {
        Summary summary = Summary.of(List.of(1.0, 3.0, Double.POSITIVE_INFINITY, 5.0));
        assertEquals(new Summary(3, 2, 3, 1), summary);
        assertTrue(Double.isNaN(Summary.of(List.of(Double.POSITIVE_INFINITY)).mean()));
    }
}
