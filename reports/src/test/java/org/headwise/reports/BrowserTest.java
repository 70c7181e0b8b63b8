package org.headwise.reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Looks at the report in a real browser; skipped, with the reason, where there is none. */
class BrowserTest {
    private static final Pattern POLICY = Pattern.compile("<meta http-equiv=\"Content-Security-Policy\"[^>]*/>");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private Browser browser;

    @BeforeEach
    void findBrowser() {
        var found = Browser.find(folder);
        assumeTrue(found.isPresent(), "the report was not looked at: none of " + Browser.NAMES + " is on the path");
        browser = found.get();
    }

    @Test
    void theReportIsShownWithoutComplaint() throws Exception {
        Browser.Visit visit = browser.visit(report(s -> s), 1200);
        assertEquals(List.of(), visit.console());
        for (String title : List.of(
                "What compression cost and saved",
                "Images side by side",
                "Fidelity against memory",
                "KV cache step by step",
                "Where images begin to differ",
                "What the heads look at",
                "Which scales look at which",
                "Would other prompts give the same schedule?",
                "Model and provenance",
                "Notes and limits")) {
            assertTrue(visit.dom().contains("<h2>" + title + "</h2>"), title);
        }
    }

    @Test
    void itIsDrawnInLightAndInDark() throws Exception {
        Path report = report(s -> s);
        BufferedImage light = browser.picture(report, 1200, 4500, false);
        BufferedImage dark = browser.picture(report, 1200, 4500, true);
        assertEquals(Color.WHITE.getRGB(), light.getRGB(2, 2));
        assertEquals(new Color(0x15181c).getRGB(), dark.getRGB(2, 2));
        for (BufferedImage picture : List.of(light, dark)) {
            Set<Integer> colours = colours(picture);
            for (int level = 0; level < ColourScale.LEVELS; level += 21) {
                int rgb = ColourScale.ofLevel(level, ColourScale.LEVELS).getRGB();
                assertTrue(colours.contains(rgb), "a heat map shows its level " + level);
            }
        }
        assertTrue(colours(light).contains(Ink.S1.light().getRGB()), "the first series in its light colour");
        assertTrue(colours(dark).contains(new Color(0x5fb2ec).getRGB()), "the first series in its dark colour");
    }

    @Test
    void narrowScreensNeedNoScrollingSideways() throws Exception {
        String ruler = """
                <style>body{width:360px}</style><script>
                document.title='reaches '+Math.ceil(Math.max(...Array.from(document.querySelectorAll(
                'h1,h2,h3,p,nav,figure,figcaption,dl,dd,li,details,summary,.scroll,.chart,.images,.words,.under'))
                .filter(e=>!e.parentElement.closest('.scroll,.chart')).map(e=>e.getBoundingClientRect().right)));
                </script></body>""";
        for (UnaryOperator<String> names : List.<UnaryOperator<String>>of(s -> s, s -> "x".repeat(300))) {
            String html = Files.readString(report(names));
            Path measured = folder.resolve("measured.html");
            Files.writeString(
                    measured,
                    POLICY.matcher(html)
                            .replaceFirst("")
                            .replace("</body>", ruler)
                            .replace("<details", "<details open=\"\""));
            String dom = browser.visit(measured, 400).dom();
            String title = dom.substring(dom.indexOf("<title>"), dom.indexOf("</title>"));
            assertTrue(title.matches("<title>reaches 3[0-9][0-9]"), title);
            assertTrue(Integer.parseInt(title.substring(15)) <= 360, title);
        }
    }

    @Test
    void hostileNamesDoNothing() throws Exception {
        Iterator<String> hostile =
                Stream.generate(() -> Hostile.STRINGS).flatMap(List::stream).iterator();
        Browser.Visit visit = browser.visit(report(s -> hostile.next() + s), 1200);
        assertEquals(List.of(), visit.console());
        String tags = visit.dom().replaceAll("=\"[^\"]*\"", "");
        for (String element : List.of("script", "iframe", "b>", "object")) {
            assertFalse(tags.contains("<" + element), "an element " + element + " was made");
        }
        assertFalse(Pattern.compile("<[a-z]+[^<>]* on[a-z]+[ =>]").matcher(tags).find());
    }

    @Test
    void aPageThatBreaksThePolicyIsNoticed() throws Exception {
        String html = Files.readString(report(s -> s));
        Path broken = folder.resolve("broken.html");
        Files.writeString(broken, html.replace("</body>", "<img src=\"other.png\"/><script>1</script></body>"));
        assertEquals(2, browser.visit(broken, 1200).console().size());
    }

    private Path report(UnaryOperator<String> names) throws IOException {
        Path target = folder.resolve("report.html");
        HtmlReport.write(new SampleReport(7, SampleReport.geometry(4, 4, 16, 1, 2, 3, 4), 32, names).data(), target);
        return target;
    }

    private static Set<Integer> colours(BufferedImage picture) {
        Set<Integer> colours = new HashSet<>();
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                colours.add(picture.getRGB(x, y) | 0xff000000);
            }
        }
        return colours;
    }
}
