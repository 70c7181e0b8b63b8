package org.headwise.reports;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Writes {@link Html} as text. This is the only place where characters become markup, and so the only one that escapes.
 * The output is HTML and, behind the doctype, also well-formed XML.
 */
final class HtmlText {
    private HtmlText() {}

    /** A whole page. */
    static String page(Html.Element root) {
        StringBuilder out = new StringBuilder(1 << 16).append("<!DOCTYPE html>\n");
        write(root, out);
        return out.toString();
    }

    static String fragment(Html html) {
        StringBuilder out = new StringBuilder();
        write(html, out);
        return out.toString();
    }

    private static void write(Html html, StringBuilder out) {
        switch (html) {
            case Html.Text text -> escape(text.text(), out);
            case Html.Stylesheet sheet -> out.append(resource(sheet.resource()));
            case Html.Element element -> write(element, out);
        }
    }

    private static void write(Html.Element element, StringBuilder out) {
        Tag tag = element.tag();
        out.append('<').append(tag.element());
        for (Html.Attribute attribute : element.attributes()) {
            out.append(' ').append(attribute.name().attribute()).append("=\"");
            escape(attribute.value(), out);
            out.append('"');
        }
        if (tag.isVoid()) {
            out.append("/>");
        } else {
            out.append('>');
            element.children().forEach(child -> write(child, out));
            out.append("</").append(tag.element()).append('>');
        }
        if (tag.endsLine()) {
            out.append('\n');
        }
    }

    private static void escape(String text, StringBuilder out) {
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(allowed(c) ? c : 0xFFFD);
            }
        });
    }

    /** The characters of XML 1.0 without the C1 controls: no NUL, no lone surrogate, no escape sequence. */
    static boolean allowed(int c) {
        return c == '\t'
                || c == '\n'
                || c >= 0x20 && c < 0x7f
                || c >= 0xa0 && c < 0xd800
                || c >= 0xe000 && c < 0xfffe
                || c >= 0x10000 && (c & 0xfffe) != 0xfffe;
    }

    private static String resource(String name) {
        try (InputStream in = HtmlText.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource " + name + " is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
