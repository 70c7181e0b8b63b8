package org.headwise.reports;

import org.headwise.datasets.Picture;

/** Makes pictures smaller for the page. */
final class Pictures {
    private Pictures() {}

    /** The picture with both sides halved so often, each pixel the mean of the four it stands for. */
    static Picture halved(Picture picture, int times) {
        Picture result = picture;
        for (int i = 0; i < times && result.width() > 1 && result.height() > 1; i++) {
            result = half(result);
        }
        return result;
    }

    private static Picture half(Picture picture) {
        int width = picture.width() / 2;
        int height = picture.height() / 2;
        byte[] rgb = new byte[width * height * 3];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < 3; c++) {
                    int sum = picture.at(2 * x, 2 * y, c)
                            + picture.at(2 * x + 1, 2 * y, c)
                            + picture.at(2 * x, 2 * y + 1, c)
                            + picture.at(2 * x + 1, 2 * y + 1, c);
                    rgb[(y * width + x) * 3 + c] = (byte) ((sum + 2) / 4);
                }
            }
        }
        return new Picture(width, height, rgb);
    }
}
