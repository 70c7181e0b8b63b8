package org.headwise.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.headwise.files.InputRefused;
import org.headwise.model.Grid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChosenTokensTest {
    @Test
    void theUsualOnesAreSpreadOverTheImage() {
        assertEquals("0:12,6:18,12:12,18:6,23:22", spread(24, 24));
        assertEquals("0:8,4:12,8:8,12:4,15:14", spread(16, 16));
        assertEquals("0:1,1:0", spread(2, 2));
        assertEquals("", spread(1, 1), "the only token is never read");
    }

    @Test
    void theUsualOnesFitEveryImage() {
        for (int height = 1; height <= 9; height++) {
            for (int width = 1; width <= 9; width++) {
                Grid image = new Grid(height, width);
                ChosenTokens tokens = ChosenTokens.spread(image);
                assertTrue(tokens.tokens().size() <= 5, tokens.toString());
                assertEquals(tokens, ChosenTokens.parse(tokens.toString(), image));
                if (image.tokens() > 1) {
                    assertTrue(tokens.tokens().contains(image.tokens() - 2), "the last that is read");
                }
            }
        }
    }

    private static String spread(int height, int width) {
        return ChosenTokens.spread(new Grid(height, width)).toString();
    }

    @Test
    void theOrderOfTheTextDoesNotMatter() {
        ChosenTokens tokens = ChosenTokens.parse("2:1, 0:3,1:0", new Grid(3, 4));
        assertEquals(List.of(3, 4, 9), tokens.tokens());
        assertEquals("0:3,1:0,2:1", tokens.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3:0|token 3:0 lies outside the image of 3 rows and 4 columns; choose rows 0 to 2 and columns 0 to 3",
                "0:4|token 0:4 lies outside",
                "2:3|token 2:3 is the last of the image and never read",
                "0:1,1:1,0:1|token 0:1 is chosen twice",
                "5|\"5\" is no token of the image; expected ROW:COLUMN",
                "-1:0|expected ROW:COLUMN",
                "0:1,|\"\" is no token",
                "0:99999999999|expected ROW:COLUMN"
            })
    void whatIsNoTokenIsRefused(String text, String said) {
        InputRefused refused = assertThrows(InputRefused.class, () -> ChosenTokens.parse(text, new Grid(3, 4)));
        assertTrue(refused.getMessage().contains(said), refused.getMessage());
    }

    @Test
    void tooManyAreRefused() {
        StringBuilder text = new StringBuilder("0:0");
        for (int column = 1; column <= ChosenTokens.MOST; column++) {
            text.append(",0:").append(column);
        }
        InputRefused refused =
                assertThrows(InputRefused.class, () -> ChosenTokens.parse(text.toString(), new Grid(40, 40)));
        assertEquals("33 tokens are chosen for maps; choose at most 32", refused.getMessage());
    }

    @Test
    void tooManyAreNoneOfThisKind() {
        List<Integer> tokens = IntStream.range(0, ChosenTokens.MOST).boxed().toList();
        Grid image = new Grid(40, 40);
        assertEquals(ChosenTokens.MOST, new ChosenTokens(image, tokens).tokens().size());
        List<Integer> more = IntStream.rangeClosed(0, ChosenTokens.MOST).boxed().toList();
        assertThrows(IllegalArgumentException.class, () -> new ChosenTokens(image, more));
    }

    @Test
    void theEmptyTextIsNone() {
        assertEquals(List.of(), ChosenTokens.parse("", new Grid(3, 4)).tokens());
    }
}
