package org.headwise.schedules;

/** How a token's score is spread over its neighbours before the highest are taken. */
public enum Pooling {
    AVERAGE,
    MAX
}
