package org.headwise.reports;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** A heat map with one pixel per cell as a PNG of some 200 bytes: 15 colours and transparent. */
final class Thumbnail {
    private static final int LEVELS = 15;
    private static final IndexColorModel COLOURS = colours();

    private Thumbnail() {}

    /**
     * The picture of a map.
     *
     * @param values [rows, columns]; NaN is transparent
     */
    static byte[] png(double[][] values, double low, double high) {
        BufferedImage image =
                new BufferedImage(values[0].length, values.length, BufferedImage.TYPE_BYTE_BINARY, COLOURS);
        for (int y = 0; y < values.length; y++) {
            for (int x = 0; x < values[y].length; x++) {
                boolean there = Double.isFinite(values[y][x]);
                int index = there ? ColourScale.level(values[y][x], low, high, LEVELS) : LEVELS;
                image.getRaster().setSample(x, y, 0, index);
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static IndexColorModel colours() {
        byte[][] channels = new byte[3][LEVELS + 1];
        for (int level = 0; level < LEVELS; level++) {
            int rgb = ColourScale.ofLevel(level, LEVELS).getRGB();
            channels[0][level] = (byte) (rgb >> 16);
            channels[1][level] = (byte) (rgb >> 8);
            channels[2][level] = (byte) rgb;
        }
        return new IndexColorModel(4, LEVELS + 1, channels[0], channels[1], channels[2], LEVELS);
    }
}
