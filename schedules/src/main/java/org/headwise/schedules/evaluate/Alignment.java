package org.headwise.schedules.evaluate;

import java.util.List;
import java.util.Optional;
import org.headwise.datasets.Picture;
import org.headwise.datasets.scenes.Scene;
import org.headwise.datasets.scenes.SceneCheck;
import org.headwise.datasets.scenes.SceneChecker;
import org.headwise.files.InputRefused;

/**
 * Whether a picture shows the procedural scene that its prompt describes: background, and colour, shape and place of
 * every object, each right or wrong.
 *
 * @param attributes how many were looked at
 * @param wrong names of those that are wrong, for example {@code first shape}
 */
public record Alignment(int attributes, List<String> wrong) {
    public Alignment {
        wrong = List.copyOf(wrong);
        if (attributes < 1 || wrong.size() > attributes) {
            throw new IllegalArgumentException(wrong.size() + " of " + attributes + " attributes cannot be wrong");
        }
    }

    /** Of a picture; empty if the prompt describes no scene, or the picture is no square of at least 32 x 32. */
    public static Optional<Alignment> of(String prompt, Picture picture) {
        try {
            SceneCheck check = SceneChecker.check(picture, Scene.parse(prompt));
            List<String> wrong = check.attributes().stream()
                    .filter(attribute -> !attribute.right())
                    .map(SceneCheck.Attribute::name)
                    .toList();
            return Optional.of(new Alignment(check.attributes().size(), wrong));
        } catch (InputRefused noScene) {
            return Optional.empty();
        }
    }

    /** The share of attributes that are right: 0 to 1. */
    public double score() {
        return (double) (attributes - wrong.size()) / attributes;
    }
}
