package org.headwise.reports;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.util.List;

/**
 * The fonts that charts are laid out with. No font is embedded; the page asks for Arial or one of the same widths, so
 * the layout is done with the first of those that this computer has.
 */
final class Fonts {
    static final Font TICK = family().deriveFont(11f);
    static final Font LABEL = family().deriveFont(12f);

    private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

    private Fonts() {}

    static double width(String text, Font font) {
        return font.getStringBounds(text, CONTEXT).getWidth();
    }

    private static Font family() {
        return List.of("Arial", "Liberation Sans", "Helvetica", "Arimo", "Nimbus Sans").stream()
                .map(name -> new Font(name, Font.PLAIN, 12))
                .filter(font -> font.getFamily().equals(font.getName()))
                .findFirst()
                .orElseGet(() -> new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    }
}
