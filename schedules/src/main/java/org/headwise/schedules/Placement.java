package org.headwise.schedules;

/** Which queries of a step make its observation window. */
public enum Placement {
    /** The centres of equal patches of the step's grid (ScaleKV). */
    PATCHES,
    /** The newest tokens (SnapKV). */
    NEWEST
}
