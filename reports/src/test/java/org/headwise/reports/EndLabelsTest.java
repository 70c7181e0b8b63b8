package org.headwise.reports;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class EndLabelsTest {
    @Test
    void labelsNeverOverlapAndStayInside() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            double[] wanted =
                    random.doubles(1 + random.nextInt(12), 0, 250).sorted().toArray();
            double[] places = EndLabels.apart(wanted, 0, 250);
            for (int i = 0; i < places.length; i++) {
                assertTrue(places[i] >= -1e-9 && places[i] <= 250 + 1e-9, "seed " + seed);
                assertTrue(i == 0 || places[i] - places[i - 1] >= 13 - 1e-9, "seed " + seed);
            }
        }
    }

    @Test
    void labelsWithRoomStayWhereTheyAre() {
        double[] wanted = {10, 40, 200};
        assertArrayEquals(wanted, EndLabels.apart(wanted, 0, 250));
    }
}
