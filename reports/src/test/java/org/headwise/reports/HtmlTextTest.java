package org.headwise.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class HtmlTextTest {
    @Test
    void textAndAttributesComeBackAsTheyWere() {
        for (String hostile : Hostile.STRINGS) {
            String html = HtmlText.fragment(Tag.DIV.of(Tag.IMG.of().set(Attr.ALT, hostile), Html.text(hostile)));
            var root = Xml.parse(html).getDocumentElement();
            String wanted = readable(hostile);
            assertEquals(wanted, root.getTextContent());
            assertEquals(
                    wanted.replaceAll("[\t\n]", " "),
                    Xml.all(root.getOwnerDocument(), "img").getFirst().getAttribute("alt"));
            assertEquals(List.of("div[]", "img[alt]"), Xml.shape(root.getOwnerDocument()));
        }
    }

    @Test
    void attributesThatActRefuseForeignValues() {
        for (String bad : List.of(
                "javascript:alert(1)",
                "http://example.org",
                "//example.org",
                "#a\"b",
                "/etc/passwd",
                "report-data/../x y",
                "")) {
            assertThrows(IllegalArgumentException.class, () -> Tag.A.of().set(Attr.HREF, bad), bad);
        }
        for (String bad : List.of("http://example.org/x.png", "data:text/html;base64,AA==", "x.png")) {
            assertThrows(IllegalArgumentException.class, () -> Tag.IMG.of().set(Attr.SRC, bad), bad);
        }
        assertThrows(IllegalArgumentException.class, () -> Tag.P.of().set(Attr.STYLE, "background:url(\"http://x\")"));
        assertThrows(IllegalArgumentException.class, () -> Tag.P.of().id("a b"));
    }

    private static String readable(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().map(c -> HtmlText.allowed(c) ? c : 0xFFFD).forEach(out::appendCodePoint);
        return out.toString();
    }
}
