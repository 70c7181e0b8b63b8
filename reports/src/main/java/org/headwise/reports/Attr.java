package org.headwise.reports;

import java.util.regex.Pattern;

/**
 * The attributes that a report may contain, each with the values it takes. Only the three that are read by people hold
 * free text; a link or an image source cannot name anything outside the report and its data folder.
 */
enum Attr {
    ID("id", "[a-z][a-z0-9-]*"),
    CLASS("class", "[a-z][a-z0-9 -]*"),
    HREF("href", "#[a-z][a-z0-9-]*|report-data/[a-z0-9][a-z0-9./-]*"),
    SRC("src", "data:image/png;base64,[A-Za-z0-9+/=]+"),
    STYLE("style", "[a-z0-9:;.,%() #-]*"),
    WIDTH("width", "[0-9.]+"),
    HEIGHT("height", "[0-9.]+"),
    LANG("lang", "en"),
    CHARSET("charset", "utf-8"),
    NAME("name", "viewport|generator|color-scheme"),
    HTTP_EQUIV("http-equiv", "Content-Security-Policy"),
    CONTENT("content", "[A-Za-z0-9 ;:=,.'-]*"),
    COLSPAN("colspan", "[0-9]+"),
    SCOPE("scope", "row|col"),
    OPEN("open", "open"),
    TABINDEX("tabindex", "-1|0"),
    ROLE("role", "img|group|region"),
    LOADING("loading", "lazy"),
    ALT("alt", null),
    TITLE("title", null),
    ARIA_LABEL("aria-label", null),
    XMLNS("xmlns", "http://www[.]w3[.]org/2000/svg"),
    VIEW_BOX("viewBox", "[0-9. -]+"),
    X("x", "[0-9.eE-]+"),
    Y("y", "[0-9.eE-]+"),
    X1("x1", "[0-9.eE-]+"),
    Y1("y1", "[0-9.eE-]+"),
    X2("x2", "[0-9.eE-]+"),
    Y2("y2", "[0-9.eE-]+"),
    CX("cx", "[0-9.eE-]+"),
    CY("cy", "[0-9.eE-]+"),
    R("r", "[0-9.eE-]+"),
    RX("rx", "[0-9.eE-]+"),
    RY("ry", "[0-9.eE-]+"),
    D("d", "[A-Za-z0-9., -]*"),
    POINTS("points", "[0-9., eE-]*"),
    TRANSFORM("transform", "[a-z]+[(][0-9., eE-]*[)]");

    private final String attribute;
    private final Pattern allowed;

    Attr(String attribute, String allowed) {
        this.attribute = attribute;
        this.allowed = allowed == null ? null : Pattern.compile(allowed);
    }

    String attribute() {
        return attribute;
    }

    /** Refuses a value that this attribute cannot hold; such a value is a programming error, never data. */
    String checked(String value) {
        if (allowed != null && !allowed.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "attribute " + attribute + " cannot be \"" + Shown.shorten(value, 80) + "\"");
        }
        return value;
    }
}
