package org.headwise.datasets.scenes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.headwise.datasets.AreaMean;
import org.headwise.datasets.Picture;
import org.headwise.files.InputRefused;

/**
 * Says which attributes of a scene a picture shows. The background and each object's colour are judged by mean colours;
 * an object's shape and place by redrawing the scene with every other shape or place and taking the least squared
 * difference to the picture (a tie counts for the caption).
 */
public final class SceneChecker {
    private static final int SIDE = SceneRenderer.SIDE;

    /** An object owns the pixels that it covers at least this much. */
    private static final double OWN = 0.9;

    /** The box in which shapes are compared reaches this far beyond the radius, in canvas pixels. */
    private static final int MARGIN = 2;

    private final double[] picture;
    private final Background background;
    private final List<Thing> things;
    private final List<Place> places;

    /** A set of pixels of the 32 x 32 picture. */
    @FunctionalInterface
    private interface Region {
        boolean has(int x, int y);
    }

    private SceneChecker(double[] picture, Scene scene) {
        this.picture = picture;
        this.background = scene.background();
        this.things = scene.things();
        this.places = scene.layout().places();
    }

    /**
     * Checks a square picture of at least 32 x 32; larger ones are first reduced by area means.
     *
     * @throws InputRefused if the picture is not square or too small
     */
    public static SceneCheck check(Picture picture, Scene scene) {
        if (picture.width() != picture.height() || picture.width() < SIDE) {
            throw new InputRefused("a picture of " + picture.width() + " x " + picture.height()
                    + " cannot be checked against a scene: expected a square of at least " + SIDE + " x " + SIDE);
        }
        SceneChecker checker = new SceneChecker(AreaMean.reduce(picture, SIDE), scene);
        List<SceneCheck.Attribute> attributes = new ArrayList<>();
        attributes.add(checker.background());
        for (int i = 0; i < scene.things().size(); i++) {
            String which = i == 0 ? "first" : "second";
            Thing thing = scene.things().get(i);
            Place place = scene.layout().places().get(i);
            attributes.add(attribute(which + " colour", thing.colour(), checker.colour(i)));
            attributes.add(attribute(which + " shape", thing.shape(), checker.shape(i)));
            attributes.add(attribute(which + " place", place, checker.place(i)));
        }
        return new SceneCheck(attributes);
    }

    private static SceneCheck.Attribute attribute(String name, Object expected, Object found) {
        return new SceneCheck.Attribute(name, expected.toString(), found.toString());
    }

    private SceneCheck.Attribute background() {
        Colour first = cells(background.first());
        Background found = background.second() == null
                ? Background.plain(first)
                : new Background(background.pattern(), first, cells(background.second()));
        return attribute("background", background, found);
    }

    /** What the cells of this colour look like where no object touches them. */
    private Colour cells(Colour named) {
        return Colour.nearest(mean((x, y) -> background.at(2 * x, 2 * y) == named && uncovered(x, y)));
    }

    private boolean uncovered(int x, int y) {
        for (int i = 0; i < things.size(); i++) {
            if (alpha(i, x, y) > 0) {
                return false;
            }
        }
        return true;
    }

    private Colour colour(int thing) {
        return Colour.nearest(mean((x, y) -> alpha(thing, x, y) >= OWN));
    }

    private Shape shape(int thing) {
        Thing named = things.get(thing);
        Place place = places.get(thing);
        int reach = named.size().radius() + MARGIN;
        Region box = (x, y) -> Math.abs(2 * x + 1 - place.x()) <= reach && Math.abs(2 * y + 1 - place.y()) <= reach;
        return least(named.shape(), Arrays.asList(Shape.values()), box, shape -> {
            List<Thing> redrawn = new ArrayList<>(things);
            redrawn.set(thing, named.with(shape));
            return SceneRenderer.render(background, redrawn, places);
        });
    }

    /** A single object is tried at all nine places; two objects are tried as named and exchanged. */
    private Place place(int thing) {
        List<Place> candidates = things.size() == 1 ? Arrays.asList(Place.values()) : places;
        return least(places.get(thing), candidates, (x, y) -> true, place -> {
            boolean named = place == places.get(thing);
            List<Place> moved = things.size() == 1 ? List.of(place) : named ? places : places.reversed();
            return SceneRenderer.render(background, things, moved);
        });
    }

    /** How much of a picture pixel an object covers: the mean over its four canvas pixels. */
    private double alpha(int thing, int x, int y) {
        double sum = 0;
        for (int i = 0; i < 4; i++) {
            sum += SceneRenderer.alpha(things.get(thing), places.get(thing), 2 * x + i % 2, 2 * y + i / 2);
        }
        return sum / 4;
    }

    private double[] mean(Region region) {
        double[] sum = new double[3];
        int count = 0;
        for (int i = 0; i < SIDE * SIDE; i++) {
            if (region.has(i % SIDE, i / SIDE)) {
                count++;
                for (int c = 0; c < 3; c++) {
                    sum[c] += picture[i * 3 + c];
                }
            }
        }
        return new double[] {sum[0] / count, sum[1] / count, sum[2] / count};
    }

    private <T> T least(T named, List<T> candidates, Region region, Function<T, Picture> redraw) {
        T best = named;
        double least = difference(redraw.apply(named), region);
        for (T candidate : candidates) {
            double difference = difference(redraw.apply(candidate), region);
            if (difference < least) {
                best = candidate;
                least = difference;
            }
        }
        return best;
    }

    private double difference(Picture drawn, Region region) {
        double sum = 0;
        for (int i = 0; i < SIDE * SIDE; i++) {
            for (int c = 0; region.has(i % SIDE, i / SIDE) && c < 3; c++) {
                double d = picture[i * 3 + c] - drawn.at(i % SIDE, i / SIDE, c);
                sum += d * d;
            }
        }
        return sum;
    }
}
