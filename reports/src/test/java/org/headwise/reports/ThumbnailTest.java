package org.headwise.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ThumbnailTest {
    @Test
    void pixelsAreTheCellsOfTheMap() throws IOException {
        double[][] values = {{0, 0.5, 1}, {Double.NaN, 0.25, 2}};
        byte[] png = Thumbnail.png(values, 0, 1);
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        assertEquals(3, image.getWidth());
        assertEquals(2, image.getHeight());
        assertEquals(ColourScale.at(0).getRGB(), image.getRGB(0, 0));
        assertEquals(ColourScale.at(1).getRGB(), image.getRGB(2, 0));
        assertEquals(ColourScale.at(1).getRGB(), image.getRGB(2, 1));
        assertEquals(ColourScale.at(0.5).getRGB(), image.getRGB(1, 0));
        assertEquals(0, image.getRGB(0, 1) >>> 24, "a missing cell is transparent");
    }

    @Test
    void aMapOfThirteenScalesIsSmall() {
        double[][] values = new double[13][13];
        for (int i = 0; i < 169; i++) {
            values[i / 13][i % 13] = (i * 37 % 100) / 100.0;
        }
        assertTrue(Thumbnail.png(values, 0, 1).length < 350);
    }
}
