package org.headwise.analysis;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.headwise.files.InputRefused;

/**
 * The image tokens that count as near: up to so many rows above, and up to so many columns to either side.
 *
 * @param rows 0 or more; rows below hold no token yet
 * @param columns 0 or more, to the left and to the right
 * @param around the token that distances are counted from
 */
public record Neighbourhood(int rows, int columns, Anchor around) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,6})x(\\d{1,6})(?::(predicted|read))?");

    /** The token just above the one being predicted, that one's neighbours, and the token just made. */
    public static final Neighbourhood IMMEDIATE = new Neighbourhood(1, 1, Anchor.PREDICTED);

    /** A query reads one token and predicts the next; in the raster they are neighbours, except at the end of a row. */
    public enum Anchor {
        /** The place of the token that the query will choose. */
        PREDICTED,
        /** The place of the token that the query was computed from. */
        READ
    }

    public Neighbourhood {
        if (rows < 0 || columns < 0) {
            throw new IllegalArgumentException("no such neighbourhood: " + rows + "x" + columns);
        }
    }

    /** Of text as {@link #toString} gives it: ROWSxCOLUMNS, or ROWSxCOLUMNS:read. */
    public static Neighbourhood parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new InputRefused(
                    "\"" + text + "\" is no neighbourhood; expected ROWSxCOLUMNS, for example 1x1 for one"
                            + " row up and one column to either side of the token being predicted, or 1x1:read for those of"
                            + " the token just read");
        }
        return new Neighbourhood(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                "read".equals(matcher.group(3)) ? Anchor.READ : Anchor.PREDICTED);
    }

    /** Whether a key so many rows up and so many columns to the right (left if negative) is near. */
    boolean holds(int up, int right) {
        return up <= rows && Math.abs(right) <= columns;
    }

    @Override
    public String toString() {
        return rows + "x" + columns + (around == Anchor.READ ? ":read" : "");
    }
}
