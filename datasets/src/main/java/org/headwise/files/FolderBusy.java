package org.headwise.files;

/** Another run holds the folder; the command ends with exit code 75 and nothing was touched. */
public final class FolderBusy extends RuntimeException {
    private static final long serialVersionUID = 1;

    public FolderBusy(String message) {
        super(message);
    }
}
