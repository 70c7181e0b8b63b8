package org.headwise.schedules;

/**
 * Something that ScaleKV's released code does otherwise than its paper when it chooses tokens. Each can be had alone, so
 * that what it costs can be measured; {@link Selector.Released} has all of them.
 */
public enum ReleasedTrait {
    /** The observing queries are bare projections: no bias, normalisation, scale and position. */
    BARE_QUERIES,
    /** Keys are scored by the sum of their dot products with the queries: no softmax. */
    RAW_SCORES,
    /** Keys of the window count as minus infinity already before scores are pooled. */
    HIDDEN_WINDOW,
    /** Patches have the side of the grid div that of the window, and the rest of the grid has none. */
    DIVIDED_PATCHES
}
