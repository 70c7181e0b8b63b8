package org.headwise.attention;

/** Which half of classifier-free guidance a batch row belongs to. */
public enum Guidance {
    CONDITIONAL,
    UNCONDITIONAL
}
