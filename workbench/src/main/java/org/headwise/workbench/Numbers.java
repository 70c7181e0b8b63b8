package org.headwise.workbench;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Ranges of numbers on the command line; what lies outside is a usage error. */
final class Numbers {
    private Numbers() {}

    static final class AtLeastOne implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return whole(text, 1);
        }
    }

    static final class AtLeastZero implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return whole(text, 0);
        }
    }

    static final class Finite implements ITypeConverter<Float> {
        @Override
        public Float convert(String text) {
            return real(text, Float.NEGATIVE_INFINITY, "a number");
        }
    }

    static final class Positive implements ITypeConverter<Float> {
        @Override
        public Float convert(String text) {
            return real(text, Float.MIN_VALUE, "a number above 0");
        }
    }

    static final class Share implements ITypeConverter<Float> {
        @Override
        public Float convert(String text) {
            float value = real(text, 0, "a number from 0 to 1");
            if (value > 1) {
                throw expected(text, "a number from 0 to 1");
            }
            return value;
        }
    }

    /** {@code 1%} or {@code 0.01}, as a share. */
    static final class Tolerance implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            if (!text.matches("(\\d{1,9}(\\.\\d{0,9})?|\\.\\d{1,9})%?")) {
                throw expected(text, "a share like 1% or 0.01");
            }
            return text.endsWith("%")
                    ? Double.parseDouble(text.substring(0, text.length() - 1)) / 100
                    : Double.parseDouble(text);
        }
    }

    private static int whole(String text, int least) {
        try {
            int value = Integer.parseInt(text);
            if (value >= least) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw expected(text, "a whole number of at least " + least);
    }

    private static float real(String text, float least, String what) {
        try {
            float value = Float.parseFloat(text);
            if (Float.isFinite(value) && value >= least) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw expected(text, what);
    }

    private static TypeConversionException expected(String text, String what) {
        return new TypeConversionException("\"" + text + "\" is not " + what);
    }
}
