package org.headwise.files;

/** Told how far a long piece of work is; calls come from one thread. */
public interface Progress {
    /** Tells nobody. */
    Progress NONE = new Progress() {
        @Override
        public void start(String what, long units) {}

        @Override
        public void step(long done) {}

        @Override
        public void finish() {}
    };

    /**
     * Work begins.
     *
     * @param what the work in a few words, for example "calibrating"
     * @param units how many units it has
     */
    void start(String what, long units);

    /** So many units are done in all. */
    void step(long done);

    /** Within the next unit, work is here: a few words, for example "scale 3 of 10"; those that do not care ignore it. */
    default void at(String place) {}

    /** The work is over, finished or not. */
    void finish();
}
