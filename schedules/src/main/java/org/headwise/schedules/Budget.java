package org.headwise.schedules;

import java.math.BigDecimal;
import org.headwise.files.InputRefused;
import org.headwise.model.Geometry;

/**
 * How much of the full KV cache a schedule may hold.
 *
 * @param share from 0 to 1
 * @param meaning what the share is a share of
 */
public record Budget(double share, Meaning meaning) {
    /** What a share is a share of, and at which moments it holds. */
    public enum Meaning {
        /**
         * A share of layers x kv heads x the tokens of all steps but the last (HeatKV's peak incoming cache). It bounds
         * what is held whenever a layer's attention is over; while a layer attends, its own keys of the current step
         * come on top, and the last step is never counted.
         */
        PEAK_INCOMING,
        /**
         * The same share of the same tokens, but only of what is held between two steps. Within a step more may be held
         * for a while: layers are cut one after another, and one that may hold more than before comes ahead of others
         * that give up theirs (ScaleKV).
         */
        BETWEEN_STEPS,
        /**
         * A share of layers x kv heads x the tokens of the image of a raster model, rounded to whole tokens of a kv head
         * on average over the heads (SSD's budget). It bounds what is held between two steps; a prompt that is kept
         * comes on top, one that competes is within.
         */
        IMAGE_TOKENS
    }

    public Budget {
        if (!(share >= 0 && share <= 1)) {
            throw new InputRefused("budget " + share + " is out of range, expected a share from 0 to 1 or 0% to 100%");
        }
    }

    /** Reads {@code 10%} or {@code 0.1}. */
    public static Budget parse(String text) {
        String trimmed = text.strip();
        boolean percent = trimmed.endsWith("%");
        String digits = percent ? trimmed.substring(0, trimmed.length() - 1).strip() : trimmed;
        if (!digits.matches("[+-]?(\\d{1,40}(\\.\\d{0,40})?|\\.\\d{1,40})([eE][+-]?\\d{1,3})?")) {
            throw new InputRefused("budget " + quoted(text) + " is no number, expected a share like 10% or 0.1");
        }
        // Decimal arithmetic: 10% is the very double that 0.1 is.
        BigDecimal number = new BigDecimal(digits);
        double share = (percent ? number.movePointLeft(2) : number).doubleValue();
        if (share > 1 && !percent) {
            throw new InputRefused(
                    "budget " + quoted(text) + " is more than the full cache, expected a share from 0 to 1"
                            + (share <= 100 ? "; write " + trimmed + "% if that is meant" : ""));
        }
        return new Budget(share, Meaning.PEAK_INCOMING);
    }

    /** The tokens, over all layers and kv heads of one batch row, that may be held. */
    public double tokens(Geometry geometry) {
        int heads = geometry.layers() * geometry.kvHeads();
        return meaning == Meaning.IMAGE_TOKENS
                ? (double) heads * imageTokens(geometry)
                : share * heads * geometry.incomingTokens();
    }

    /** The image tokens that a kv head of a raster model may hold on average over the heads, a whole number. */
    public int imageTokens(Geometry geometry) {
        return (int) Math.round(share * geometry.raster().tokens());
    }

    /** As a percentage with as many digits as it needs: {@code 10%}, {@code 0.5%}. */
    public String percent() {
        String text =
                BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString();
        return text + "%";
    }

    private static String quoted(String text) {
        return '"' + (text.length() <= 40 ? text : text.substring(0, 40) + "...") + '"';
    }
}
