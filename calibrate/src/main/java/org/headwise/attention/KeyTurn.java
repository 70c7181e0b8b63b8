package org.headwise.attention;

/** Moves keys with rotary positions along a line; rotations add up, so a stored key need not be known unrotated. */
@FunctionalInterface
public interface KeyTurn {
    /**
     * Turns a key in place.
     *
     * @param at where its numbers begin
     * @param positions by how many its token moves towards the end of the sequence; negative towards its beginning
     */
    void turn(float[] key, int at, int positions);
}
