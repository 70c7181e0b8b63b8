package org.headwise.datasets.scenes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.headwise.files.InputRefused;

/**
 * Reads a caption word by word. Grammar: {@code THING in the PLACE on BACKGROUND} or {@code THING RELATION THING on
 * BACKGROUND}, where a thing is {@code a SIZE COLOUR SHAPE} and a background {@code a COLOUR background} or {@code a
 * COLOUR and COLOUR striped|checkered background}.
 */
final class CaptionParser {
    private final String caption;
    private final String[] words;
    private int next;

    CaptionParser(String caption) {
        this.caption = caption;
        this.words = caption.strip().split("\\s+");
    }

    Scene scene() {
        List<Thing> things = new ArrayList<>();
        things.add(thing());
        Layout layout;
        if (take("in")) {
            expect("the");
            layout = oneOf(Place.values(), "a place");
        } else {
            layout = oneOf(Relation.values(), "\"in\" or a relation");
            things.add(thing());
        }
        expect("on");
        Background background = background();
        if (next < words.length) {
            throw refused("the end of the caption");
        }
        return new Scene(things, layout, background);
    }

    private Thing thing() {
        expect("a");
        return new Thing(
                oneOf(Size.values(), "a size"), oneOf(Colour.values(), "a colour"), oneOf(Shape.values(), "a shape"));
    }

    private Background background() {
        expect("a");
        Colour first = oneOf(Colour.values(), "a colour");
        Background background = Background.plain(first);
        if (take("and")) {
            Colour second = oneOf(Colour.values(), "a colour");
            Background.Pattern pattern = oneOf(
                    new Background.Pattern[] {Background.Pattern.STRIPED, Background.Pattern.CHECKERED},
                    "\"striped\" or \"checkered\"");
            background = new Background(pattern, first, second);
        }
        expect("background");
        return background;
    }

    /** The longest phrase among {@code values} that comes next: "top left" goes before "top". */
    private <T> T oneOf(T[] values, String what) {
        return Arrays.stream(values)
                .sorted(Comparator.comparingInt((T value) -> -value.toString().length()))
                .filter(value -> take(value.toString().split(" ")))
                .findFirst()
                .orElseThrow(() -> refused(what));
    }

    private void expect(String word) {
        if (!take(word)) {
            throw refused("\"" + word + "\"");
        }
    }

    private boolean take(String... phrase) {
        if (next + phrase.length > words.length
                || !Arrays.equals(words, next, next + phrase.length, phrase, 0, phrase.length)) {
            return false;
        }
        next += phrase.length;
        return true;
    }

    private InputRefused refused(String expected) {
        String found = next < words.length ? "word " + (next + 1) + " is \"" + words[next] + "\"" : "it ends";
        return new InputRefused("not a caption of a scene: \"" + caption + "\": " + found + ", expected " + expected);
    }
}
