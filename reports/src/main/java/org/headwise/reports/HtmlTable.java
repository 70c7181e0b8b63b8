package org.headwise.reports;

import java.util.ArrayList;
import java.util.List;

/** A {@link Table} as an HTML table: numbers to the right with equal digit widths, the first column as row heads. */
final class HtmlTable {
    private HtmlTable() {}

    /** The table in a box that scrolls sideways on its own on narrow screens. */
    static Html.Element of(Table table) {
        List<Html> headings = new ArrayList<>();
        for (int c = 0; c < table.columns().size(); c++) {
            Html.Element heading = Tag.TH.of(Html.data(table.heading(c))).set(Attr.SCOPE, "col");
            headings.add(isText(table, c) ? heading.cls("t") : heading);
        }
        List<Html> rows = new ArrayList<>();
        for (int r = 0; r < table.rows().size(); r++) {
            List<Html> cells = new ArrayList<>();
            for (int c = 0; c < table.columns().size(); c++) {
                cells.add(cell(table, r, c));
            }
            rows.add(Tag.TR.of(cells));
        }
        Html.Element body = Tag.TABLE.of(Tag.THEAD.of(Tag.TR.of(headings)), Tag.TBODY.of(rows));
        return Tag.DIV
                .of(body)
                .cls("scroll")
                .set(Attr.TABINDEX, "0")
                .set(Attr.ROLE, "region")
                .set(Attr.ARIA_LABEL, Shown.label(table.title(), 200));
    }

    private static Html cell(Table table, int row, int column) {
        String shown = table.shown(row, column);
        if (isText(table, column)) {
            Html.Element cell = Tag.TD.of(Html.data(shown)).cls("t");
            return column == 0 ? Tag.TH.of(Html.data(shown)).cls("t").set(Attr.SCOPE, "row") : cell;
        }
        return Tag.TD.of(shown);
    }

    private static boolean isText(Table table, int column) {
        return table.columns().get(column).kind() == Table.Kind.TEXT;
    }
}
