package org.headwise.model;

import org.headwise.attention.KeyValueObserver;
import org.headwise.files.Progress;

/** Tells how far a generation is, by what comes into its cache: an image of a large model takes minutes. */
public record StepProgress(Progress progress) implements KeyValueObserver {
    @Override
    public void appended(Appended appended) {
        Geometry geometry = appended.geometry();
        int step = 1 + appended.step();
        int steps = geometry.steps().size();
        if (geometry.raster() == null) {
            int layer = 1 + appended.layer();
            progress.at("scale " + step + " of " + steps + ", layer " + layer + " of " + geometry.layers());
        } else if (appended.layer() == 0) {
            progress.at("token " + step + " of " + steps);
        }
    }
}
