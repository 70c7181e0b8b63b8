package org.headwise.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PathDataTest {
    @Test
    void levelAndUprightLinesAreShort() {
        assertEquals("M1,2H9V7H1Z", PathData.shortened("M1,2L9,2L9,7L1,7Z"));
        assertEquals("M1,2L3,4V5", PathData.shortened("M1,2L3,4L3,5"));
        assertEquals("M1,2H3V4", PathData.shortened("M1,2L3,2L3,4"));
    }

    @Test
    void curvesStay() {
        String circle = "M3,0C3,1.7 1.7,3 0,3Z";
        assertEquals(circle, PathData.shortened(circle));
        assertEquals("M3,0C3,1.7 1.7,3 0,3H5", PathData.shortened("M3,0C3,1.7 1.7,3 0,3L5,3"));
    }

    @Test
    void afterAClosedPathNothingIsAssumed() {
        assertEquals("M1,2H9ZL1,2", PathData.shortened("M1,2L9,2ZL1,2"));
    }
}
