package org.headwise.schedules.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.headwise.model.Geometry;
import org.headwise.model.infinity.InfinityGeometries;
import org.junit.jupiter.api.Test;

class PageSizeTest {
    @Test
    void longSchedulesTakeLongerPagesThanShortOnes() {
        // 1 + 4 + 16 + 36 + ... tokens: pages of four leave three tokens of the first scale empty, no others.
        assertEquals(4, PageSize.of(InfinityGeometries.get("infinity-2b")));
        assertEquals(3, PageSize.waste(InfinityGeometries.get("infinity-2b"), 4));
        assertEquals(1, PageSize.of(InfinityGeometries.get("infinity-125m")));
    }

    @Test
    void noReleasedScheduleWastesMoreThanAThousandth() {
        for (String resolution : InfinityGeometries.resolutions()) {
            for (double ratio : InfinityGeometries.templates()) {
                Geometry geometry = InfinityGeometries.get("infinity-2b@" + resolution + ":" + ratio);
                int waste = PageSize.waste(geometry, PageSize.of(geometry));
                assertTrue(waste <= geometry.incomingTokens() / 1000, resolution + " " + ratio + ": " + waste);
            }
        }
    }
}
