package org.headwise.datasets.scenes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The 39 words that the mini models know, in the order of their ids. */
public final class SceneVocabulary {
    private SceneVocabulary() {}

    /** Special words first, then the words of captions. */
    public static List<String> words() {
        List<String> words = new ArrayList<>(
                List.of("<pad>", "</s>", "<unk>", "a", "and", "background", "in", "of", "on", "the", "above", "below"));
        words.addAll(
                Arrays.stream(Colour.values()).map(Colour::toString).sorted().toList());
        words.addAll(Arrays.stream(Shape.values()).map(Shape::toString).toList());
        words.addAll(Arrays.stream(Size.values()).map(Size::toString).toList());
        words.addAll(List.of("center", "left", "right", "top", "bottom", "striped", "checkered"));
        return List.copyOf(words);
    }
}
