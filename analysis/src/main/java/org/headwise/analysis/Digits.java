package org.headwise.analysis;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Decimal text that is the same everywhere. */
final class Digits {
    private static final MathContext NINE = new MathContext(9, RoundingMode.HALF_EVEN);

    private Digits() {}

    /** Nine significant digits without padding, for example 0.25 or 1.2E-7. */
    static String nine(double value) {
        BigDecimal rounded = new BigDecimal(value).round(NINE).stripTrailingZeros();
        return rounded.scale() <= 0 && rounded.precision() - rounded.scale() <= 12
                ? rounded.toPlainString()
                : rounded.toString();
    }
}
