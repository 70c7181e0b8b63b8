package org.headwise.model.image;

import org.headwise.files.InputRefused;

/** Prompts of class-conditional models: the number of a class. */
public final class ClassLabel {
    private ClassLabel() {}

    /** The class that a prompt names. */
    public static int of(String prompt) {
        if (!prompt.strip().matches("[0-9]{1,6}")) {
            throw new InputRefused("the prompt \"" + prompt
                    + "\" is no class; this model takes the number of a class, for example 207");
        }
        return Integer.parseInt(prompt.strip());
    }
}
