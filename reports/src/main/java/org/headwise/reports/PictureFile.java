package org.headwise.reports;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.headwise.datasets.Picture;
import org.headwise.files.InputRefused;

/** Reads a picture that an evaluation left in its folder. */
final class PictureFile {
    private static final int LARGEST_SIDE = 8192;

    private PictureFile() {}

    /**
     * Reads a PNG file.
     *
     * @throws InputRefused if it is none, is damaged, or is larger than any model draws
     */
    static Picture read(Path file) {
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("png");
            ImageReader reader = readers.next();
            try {
                reader.setInput(in);
                int width = reader.getWidth(0);
                int height = reader.getHeight(0);
                if (width > LARGEST_SIDE || height > LARGEST_SIDE) {
                    throw InputRefused.in(
                            file,
                            "found a picture of " + width + " x " + height + ", expected at most " + LARGEST_SIDE);
                }
                return picture(reader.read(0));
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            if (e instanceof InputRefused refused) {
                throw refused;
            }
            throw InputRefused.in(file, "it is no readable PNG picture (" + e.getMessage() + "); evaluate again");
        }
    }

    private static Picture picture(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] rgb = new byte[width * height * 3];
        int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
        for (int i = 0; i < pixels.length; i++) {
            rgb[3 * i] = (byte) (pixels[i] >> 16);
            rgb[3 * i + 1] = (byte) (pixels[i] >> 8);
            rgb[3 * i + 2] = (byte) pixels[i];
        }
        return new Picture(width, height, rgb);
    }
}
