package org.headwise.tensor;

/** Resizing of the last two axes, as PyTorch's {@code F.interpolate} does it. */
final class Resize {
    private Resize() {}

    static Tensor nearest(Tensor x, int factor) {
        int height = x.dim(-2);
        int width = x.dim(-1);
        Tensor out = like(x, height * factor, width * factor);
        float[] from = x.data();
        float[] to = out.data();
        for (int row = 0; row < x.size() / width; row++) {
            int first = row * factor * width * factor;
            for (int i = 0; i < width * factor; i++) {
                to[first + i] = from[row * width + i / factor];
            }
            for (int copy = 1; copy < factor; copy++) {
                System.arraycopy(to, first, to, first + copy * width * factor, width * factor);
            }
        }
        return out;
    }

    /** Two taps per axis whatever the ratio; pixel centres at (i + 1/2), edges repeated. */
    static Tensor bilinear(Tensor x, int height, int width) {
        Taps rows = Taps.of(x.dim(-2), height);
        Taps columns = Taps.of(x.dim(-1), width);
        Tensor out = like(x, height, width);
        float[] from = x.data();
        int stride = x.dim(-1);
        int plane = x.dim(-2) * stride;
        for (int p = 0; p < x.size() / plane; p++) {
            for (int y = 0; y < height; y++) {
                int upper = p * plane + rows.first[y] * stride;
                int lower = p * plane + rows.second[y] * stride;
                for (int i = 0; i < width; i++) {
                    float weight = columns.weight[i];
                    float above = mix(from[upper + columns.first[i]], from[upper + columns.second[i]], weight);
                    float below = mix(from[lower + columns.first[i]], from[lower + columns.second[i]], weight);
                    out.data()[(p * height + y) * width + i] = mix(above, below, rows.weight[y]);
                }
            }
        }
        return out;
    }

    private static float mix(float first, float second, float weight) {
        return (1 - weight) * first + weight * second;
    }

    /** Four taps per axis of the cubic kernel with a = -0.75; pixel centres at (i + 1/2), edges repeated. */
    static Tensor bicubic(Tensor x, int height, int width) {
        Cubic rows = Cubic.of(x.dim(-2), height);
        Cubic columns = Cubic.of(x.dim(-1), width);
        Tensor out = like(x, height, width);
        int stride = x.dim(-1);
        int plane = x.dim(-2) * stride;
        for (int p = 0; p < x.size() / plane; p++) {
            for (int y = 0; y < height; y++) {
                for (int i = 0; i < width; i++) {
                    float sum = 0;
                    for (int r = 4 * y; r < 4 * y + 4; r++) {
                        float row = 0;
                        for (int c = 4 * i; c < 4 * i + 4; c++) {
                            row += columns.weight[c] * x.data()[p * plane + rows.from[r] * stride + columns.from[c]];
                        }
                        sum += rows.weight[r] * row;
                    }
                    out.data()[(p * height + y) * width + i] = sum;
                }
            }
        }
        return out;
    }

    /** The mean of all source pixels that a target pixel touches (adaptive average pooling). */
    static Tensor area(Tensor x, int height, int width) {
        int sourceHeight = x.dim(-2);
        int sourceWidth = x.dim(-1);
        Tensor out = like(x, height, width);
        int plane = sourceHeight * sourceWidth;
        for (int p = 0; p < x.size() / plane; p++) {
            for (int y = 0; y < height; y++) {
                int top = start(y, sourceHeight, height);
                int bottom = end(y, sourceHeight, height);
                for (int i = 0; i < width; i++) {
                    int left = start(i, sourceWidth, width);
                    int right = end(i, sourceWidth, width);
                    float sum = 0;
                    for (int row = top; row < bottom; row++) {
                        for (int column = left; column < right; column++) {
                            sum += x.data()[p * plane + row * sourceWidth + column];
                        }
                    }
                    out.data()[(p * height + y) * width + i] = sum / ((bottom - top) * (right - left));
                }
            }
        }
        return out;
    }

    private static int start(int i, int source, int target) {
        return (int) ((long) i * source / target);
    }

    private static int end(int i, int source, int target) {
        return (int) (((long) (i + 1) * source + target - 1) / target);
    }

    private static Tensor like(Tensor x, int height, int width) {
        int[] shape = x.shape();
        shape[shape.length - 2] = height;
        shape[shape.length - 1] = width;
        return Tensor.zeros(shape);
    }

    /** The four source positions of every target position and their weights. */
    private record Cubic(int[] from, float[] weight) {
        private static final float A = -0.75f;

        static Cubic of(int source, int target) {
            Cubic cubic = new Cubic(new int[4 * target], new float[4 * target]);
            float ratio = (float) source / target;
            for (int i = 0; i < target; i++) {
                float position = ratio * (i + 0.5f) - 0.5f;
                int first = (int) Math.floor(position) - 1;
                for (int tap = 0; tap < 4; tap++) {
                    cubic.from[4 * i + tap] = Math.clamp(first + tap, 0, source - 1);
                    cubic.weight[4 * i + tap] = kernel(Math.abs(position - (first + tap)));
                }
            }
            return cubic;
        }

        private static float kernel(float distance) {
            float d = distance;
            if (d <= 1) {
                return ((A + 2) * d - (A + 3)) * d * d + 1;
            }
            return d < 2 ? ((A * d - 5 * A) * d + 8 * A) * d - 4 * A : 0;
        }
    }

    /** The two source positions of every target position and the weight of the second. */
    private record Taps(int[] first, int[] second, float[] weight) {
        static Taps of(int source, int target) {
            Taps taps = new Taps(new int[target], new int[target], new float[target]);
            float ratio = (float) source / target;
            for (int i = 0; i < target; i++) {
                float position = source == target ? i : Math.max(0, ratio * (i + 0.5f) - 0.5f);
                taps.first[i] = Math.min((int) position, source - 1);
                taps.second[i] = Math.min(taps.first[i] + 1, source - 1);
                taps.weight[i] = position - taps.first[i];
            }
            return taps;
        }
    }
}
