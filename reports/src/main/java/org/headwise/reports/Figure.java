package org.headwise.reports;

import java.util.ArrayList;
import java.util.List;

/** A chart below a sentence that says what to see, with its numbers folded away beneath it. */
final class Figure {
    private Figure() {}

    static Html.Element of(String title, Html sentence, Html chart, Table table, Html.Element csv) {
        return of(title, sentence, chart, HtmlTable.of(table), csv);
    }

    static Html.Element of(String title, Html sentence, Html chart, Html numbers, Html.Element csv) {
        List<Html> parts = new ArrayList<>();
        if (!title.isEmpty()) {
            parts.add(Tag.H3.of(Html.data(title)));
        }
        parts.add(Tag.FIGCAPTION.of(sentence));
        parts.add(Tag.DIV.of(chart).cls("chart"));
        parts.add(numbers("Numbers", numbers, csv));
        return Tag.FIGURE.of(parts);
    }

    /** A folded table with the link to its file. */
    static Html.Element numbers(String label, Html table, Html.Element csv) {
        Html.Element link = Tag.P.of(Html.text("As a file: "), csv).cls("file");
        return Tag.DETAILS.of(Tag.SUMMARY.of(label), table, link).cls("numbers");
    }
}
