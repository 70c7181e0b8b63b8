package org.headwise.files;

import java.nio.file.Path;

/**
 * Something from outside cannot be used: a file that is corrupt, hostile, of the wrong geometry or too new, or an
 * argument that fits nothing. The message is one sentence for the person at the terminal; the command ends with exit
 * code 3.
 */
public final class InputRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    public InputRefused(String message) {
        super(message);
    }

    public InputRefused(String message, Throwable cause) {
        super(message, cause);
    }

    /** Names the file first, then what is wrong in it: "FILE: PROBLEM". */
    public static InputRefused in(Path file, String problem) {
        return new InputRefused(file + ": " + problem);
    }
}
