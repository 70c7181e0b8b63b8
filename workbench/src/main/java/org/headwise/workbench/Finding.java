package org.headwise.workbench;

/** One line of {@code headwise doctor}: something that was looked at, and how it is. */
record Finding(State state, String subject, String text) {
    /** A note says how it is without judging; a failure makes some command impossible. */
    enum State {
        OK("ok"),
        NOTE("note"),
        FAIL("FAIL");

        final String label;

        State(String label) {
            this.label = label;
        }
    }

    static Finding ok(String subject, String text) {
        return new Finding(State.OK, subject, text);
    }

    static Finding note(String subject, String text) {
        return new Finding(State.NOTE, subject, text);
    }

    static Finding fail(String subject, String text) {
        return new Finding(State.FAIL, subject, text);
    }
}
