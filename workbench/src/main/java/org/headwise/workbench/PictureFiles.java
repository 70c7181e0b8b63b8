package org.headwise.workbench;

import java.util.Locale;

/** Names of the pictures in a folder: numbers from 1, so that they sort as the prompts do. */
final class PictureFiles {
    private PictureFiles() {}

    /** The name of the picture of prompt {@code index}, counted from 0. */
    static String name(int index) {
        return String.format(Locale.ROOT, "%05d.png", index + 1);
    }
}
