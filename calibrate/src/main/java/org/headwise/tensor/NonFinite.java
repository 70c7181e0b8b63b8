package org.headwise.tensor;

/**
 * Numbers inside a model are NaN or infinite: one of its weights is, or sums became too large. The message says which
 * numbers, not why: that takes a look at the weights.
 */
public final class NonFinite extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param problem for example "the logits of step 3 are NaN or infinite" */
    public NonFinite(String problem) {
        super(problem);
    }

    public NonFinite(String problem, Throwable cause) {
        super(problem, cause);
    }

    /**
     * The score of a query is not finite.
     *
     * @param layer layer, or -1 if unknown
     * @param step step, or -1 if unknown
     * @param row batch row
     * @param query index of the query among the tokens of the step
     */
    public static NonFinite attention(int layer, int step, int row, int head, int query) {
        return new NonFinite("the attention" + (layer < 0 ? "" : " of layer " + layer)
                + (step < 0 ? "" : " at step " + step) + " has a score that is NaN or infinite (batch row " + row
                + ", head " + head + ", query " + query + ")");
    }

    /** Fails unless all of these are finite; {@code what} is a plural, for example "the logits". */
    public static void check(float[] values, String what) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new NonFinite(what + " are NaN or infinite");
            }
        }
    }
}
