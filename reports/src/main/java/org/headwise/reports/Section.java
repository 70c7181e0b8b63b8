package org.headwise.reports;

import java.util.List;

/** A part of the report with its place in the table of contents. */
record Section(String id, String title, List<Html> body) {
    Section {
        body = List.copyOf(body);
    }

    /** A part that has no numbers yet, with the command that makes them. */
    static Section missing(String id, String title, String what, String command) {
        return new Section(
                id,
                title,
                List.of(Tag.P
                        .of(Html.text(what + " "), Tag.CODE.of(command), Html.text(" produces it."))
                        .cls("missing")));
    }

    Html.Element html() {
        Html.Element heading = Tag.H2.of(title);
        List<Html> children = new java.util.ArrayList<>(List.of(heading));
        children.addAll(body);
        return Tag.SECTION.of(children).id(id);
    }
}
