package org.headwise.reports;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The elements that a report may contain; nothing outside this list can be written. */
enum Tag {
    HTML("html"),
    HEAD("head"),
    META("meta"),
    TITLE("title"),
    STYLE("style"),
    BODY("body"),
    HEADER("header"),
    NAV("nav"),
    MAIN("main"),
    SECTION("section"),
    FIGURE("figure"),
    FIGCAPTION("figcaption"),
    DETAILS("details"),
    SUMMARY("summary"),
    DIV("div"),
    SPAN("span"),
    BDI("bdi"),
    H1("h1"),
    H2("h2"),
    H3("h3"),
    H4("h4"),
    P("p"),
    A("a"),
    UL("ul"),
    LI("li"),
    DL("dl"),
    DT("dt"),
    DD("dd"),
    CODE("code"),
    PRE("pre"),
    IMG("img"),
    TABLE("table"),
    CAPTION("caption"),
    THEAD("thead"),
    TBODY("tbody"),
    TR("tr"),
    TH("th"),
    TD("td"),
    SVG("svg"),
    G("g"),
    PATH("path"),
    RECT("rect"),
    LINE("line"),
    CIRCLE("circle"),
    ELLIPSE("ellipse"),
    POLYGON("polygon"),
    SVG_TEXT("text");

    private static final Map<String, Tag> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toMap(Tag::element, Function.identity()));

    private final String element;

    Tag(String element) {
        this.element = element;
    }

    String element() {
        return element;
    }

    /** Elements that HTML writes without an end tag. */
    boolean isVoid() {
        return this == META || this == IMG;
    }

    /** Whether a line break after the element keeps the source readable and changes nothing that is shown. */
    boolean endsLine() {
        return switch (this) {
            case HTML, HEAD, META, TITLE, STYLE, BODY, HEADER, NAV, MAIN, SECTION, FIGURE, FIGCAPTION -> true;
            case DETAILS, SUMMARY, DIV, H1, H2, H3, H4, P, UL, LI, DL, DD, TABLE, CAPTION, THEAD, TBODY, TR, SVG ->
                true;
            default -> false;
        };
    }

    static Optional<Tag> named(String element) {
        return Optional.ofNullable(BY_NAME.get(element));
    }

    Html.Element of(Html... children) {
        return of(List.of(children));
    }

    Html.Element of(List<? extends Html> children) {
        return new Html.Element(this, List.of(), List.copyOf(children));
    }

    Html.Element of(String text) {
        return of(Html.text(text));
    }
}
