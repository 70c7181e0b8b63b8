package org.headwise.schedules.evaluate;

import org.headwise.datasets.Picture;

/** How far a picture is from a reference of the same size. */
public final class PictureDistance {
    private static final int WINDOW = 11;
    private static final double SIGMA = 1.5;
    private static final double C1 = Math.pow(0.01 * 255, 2);
    private static final double C2 = Math.pow(0.03 * 255, 2);
    private static final double[] GAUSSIAN = gaussian();

    private PictureDistance() {}

    /** Peak signal-to-noise ratio in dB over all channels, peak 255; positive infinity for equal pictures. */
    public static double psnr(Picture reference, Picture picture) {
        requireEqualSize(reference, picture);
        double sum = 0;
        for (int i = 0; i < reference.rgb().length; i++) {
            int difference = (reference.rgb()[i] & 0xff) - (picture.rgb()[i] & 0xff);
            sum += difference * difference;
        }
        return sum == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(255.0 * 255 * reference.rgb().length / sum);
    }

    /**
     * Structural similarity, 1 for equal pictures (Wang et al. 2004): Gaussian window of 11 x 11 pixels with standard
     * deviation 1.5, K1 = 0.01, K2 = 0.03, population variances, the mean over all windows that lie inside the picture
     * and over the channels. A picture smaller than the window is one window of its own size, uniformly weighted.
     */
    public static double ssim(Picture reference, Picture picture) {
        requireEqualSize(reference, picture);
        int windowWidth = Math.min(WINDOW, reference.width());
        int windowHeight = Math.min(WINDOW, reference.height());
        double sum = 0;
        int windows = 0;
        for (int channel = 0; channel < 3; channel++) {
            for (int y = 0; y + windowHeight <= reference.height(); y++) {
                for (int x = 0; x + windowWidth <= reference.width(); x++) {
                    sum += window(reference, picture, channel, x, y, windowWidth, windowHeight);
                    windows++;
                }
            }
        }
        return sum / windows;
    }

    private static double window(Picture a, Picture b, int channel, int left, int top, int width, int height) {
        double weights = 0;
        double sumA = 0;
        double sumB = 0;
        double squareA = 0;
        double squareB = 0;
        double product = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double weight = (width == WINDOW ? GAUSSIAN[x] : 1) * (height == WINDOW ? GAUSSIAN[y] : 1);
                int p = a.at(left + x, top + y, channel);
                int q = b.at(left + x, top + y, channel);
                weights += weight;
                sumA += weight * p;
                sumB += weight * q;
                squareA += weight * p * p;
                squareB += weight * q * q;
                product += weight * p * q;
            }
        }
        double meanA = sumA / weights;
        double meanB = sumB / weights;
        double varianceA = squareA / weights - meanA * meanA;
        double varianceB = squareB / weights - meanB * meanB;
        double covariance = product / weights - meanA * meanB;
        return (2 * meanA * meanB + C1)
                * (2 * covariance + C2)
                / ((meanA * meanA + meanB * meanB + C1) * (varianceA + varianceB + C2));
    }

    private static double[] gaussian() {
        double[] weights = new double[WINDOW];
        for (int i = 0; i < WINDOW; i++) {
            double distance = i - WINDOW / 2;
            weights[i] = Math.exp(-distance * distance / (2 * SIGMA * SIGMA));
        }
        return weights;
    }

    private static void requireEqualSize(Picture a, Picture b) {
        if (a.width() != b.width() || a.height() != b.height()) {
            throw new IllegalArgumentException("pictures of " + a.width() + " x " + a.height() + " and " + b.width()
                    + " x " + b.height() + " cannot be compared");
        }
    }
}
