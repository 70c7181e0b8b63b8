package org.headwise.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.headwise.files.InputRefused;
import org.headwise.model.Grid;

/**
 * The image tokens whose attention is kept token by token.
 *
 * @param image the grid that they lie on
 * @param tokens indices in raster order, rising, at most {@link #MOST}; the last token of an image is none of them, as it is never read
 */
public record ChosenTokens(Grid image, List<Integer> tokens) {
    /** More maps than these are a file of their own rather than a statistic. */
    public static final int MOST = 32;

    private static final Pattern TEXT = Pattern.compile("(\\d{1,6}):(\\d{1,6})");

    /** Five, spread over the image as on a die: rows and columns in shares of its height and width. */
    private static final double[][] SPREAD = {{0, 0.5}, {0.25, 0.75}, {0.5, 0.5}, {0.75, 0.25}, {1, 1}};

    public ChosenTokens {
        tokens = List.copyOf(tokens);
        if (tokens.size() > MOST) {
            throw new IllegalArgumentException(tokens.size() + " tokens, expected at most " + MOST);
        }
        for (int i = 0; i < tokens.size(); i++) {
            int token = tokens.get(i);
            if (token < 0 || token >= image.tokens() - 1 || i > 0 && token <= tokens.get(i - 1)) {
                throw new IllegalArgumentException("no tokens of " + image + " in rising order: " + tokens);
            }
        }
    }

    /** The usual ones: half-way through the top row, a quarter, half and three quarters down, and the last that is read. */
    public static ChosenTokens spread(Grid image) {
        TreeSet<Integer> tokens = new TreeSet<>();
        for (double[] place : SPREAD) {
            int row = Math.min((int) (place[0] * image.height()), image.height() - 1);
            int column = Math.min((int) (place[1] * image.width()), image.width() - 1);
            tokens.add(Math.min(row * image.width() + column, image.tokens() - 2));
        }
        tokens.remove(-1);
        return new ChosenTokens(image, List.copyOf(tokens));
    }

    /**
     * Of text as {@link #toString} gives it: ROW:COLUMN of every token, counted from 0, with commas between them; the
     * empty text is none.
     *
     * @throws InputRefused if it is something else, or a token lies outside the image, comes twice or is never read
     */
    public static ChosenTokens parse(String text, Grid image) {
        List<Integer> tokens = new ArrayList<>();
        for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            int token = parseOne(part.strip(), image);
            if (tokens.contains(token)) {
                throw new InputRefused("token " + part.strip() + " is chosen twice; name it once");
            }
            tokens.add(token);
        }
        if (tokens.size() > MOST) {
            throw new InputRefused(tokens.size() + " tokens are chosen for maps; choose at most " + MOST);
        }
        return new ChosenTokens(image, tokens.stream().sorted().toList());
    }

    private static int parseOne(String text, Grid image) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new InputRefused("\"" + text + "\" is no token of the image; expected ROW:COLUMN, counted from 0,"
                    + " with commas between several, for example 0:3,4:4");
        }
        int row = Integer.parseInt(matcher.group(1));
        int column = Integer.parseInt(matcher.group(2));
        if (row >= image.height() || column >= image.width()) {
            throw new InputRefused("token " + text + " lies outside the image of " + image.height() + " rows and "
                    + image.width() + " columns; choose rows 0 to " + (image.height() - 1) + " and columns 0 to "
                    + (image.width() - 1));
        }
        int token = row * image.width() + column;
        if (token == image.tokens() - 1) {
            throw new InputRefused("token " + text
                    + " is the last of the image and never read, so it looks at nothing; choose an" + " earlier one");
        }
        return token;
    }

    /** Row of a token, counted from 0 at the top. */
    public int row(int token) {
        return token / image.width();
    }

    /** Column of a token, counted from 0 at the left. */
    public int column(int token) {
        return token % image.width();
    }

    /** Position of a token among the chosen ones, or below 0. */
    int indexOf(int token) {
        return tokens.indexOf(token);
    }

    /** The step that reads each token: the one after that which made it. */
    int[] steps() {
        int[] steps = tokens.stream().mapToInt(Integer::intValue).toArray();
        Arrays.setAll(steps, i -> steps[i] + 1);
        return steps;
    }

    @Override
    public String toString() {
        return tokens.stream().map(t -> row(t) + ":" + column(t)).collect(Collectors.joining(","));
    }
}
