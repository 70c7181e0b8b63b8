package org.headwise.checkpoint;

/** A pickle that cannot be read; the message goes on after "the pickle". */
final class MalformedPickle extends RuntimeException {
    private static final long serialVersionUID = 1;

    MalformedPickle(String problem) {
        super(problem);
    }
}
