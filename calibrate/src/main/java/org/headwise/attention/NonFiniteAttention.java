package org.headwise.attention;

/** A score or probability of an attention is NaN or infinite: the model, its weights or its input is broken. */
public final class NonFiniteAttention extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int layer;
    private final int step;
    private final int row;
    private final int head;

    /**
     * @param layer layer, or -1 if unknown
     * @param step step, or -1 if unknown
     * @param query index of the query among the tokens of the step
     */
    public NonFiniteAttention(int layer, int step, int row, int head, int query) {
        super("attention" + (layer < 0 ? "" : " of layer " + layer) + (step < 0 ? "" : " at step " + step)
                + " has a score that is NaN or infinite: batch row " + row + ", head " + head + ", query " + query);
        this.layer = layer;
        this.step = step;
        this.row = row;
        this.head = head;
    }

    public int layer() {
        return layer;
    }

    public int step() {
        return step;
    }

    public int row() {
        return row;
    }

    public int head() {
        return head;
    }
}
