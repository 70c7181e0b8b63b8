package org.headwise.workbench;

/** What schedules can be made equal in. */
enum Matched {
    /** The most bytes that the paged cache takes at any moment. */
    allocated
}
