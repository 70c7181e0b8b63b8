package org.headwise.reports;

import java.util.ArrayList;
import java.util.List;

/**
 * A piece of a page: text, or an element of the closed list {@link Tag} with attributes of the closed list
 * {@link Attr}. There is no way to put in markup as a string, so prompts and names stay text.
 */
sealed interface Html {
    /** Characters as a reader shall see them. */
    record Text(String text) implements Html {}

    /** An attribute with its unescaped value. */
    record Attribute(Attr name, String value) {}

    /** An element with attributes and children. */
    record Element(Tag tag, List<Attribute> attributes, List<Html> children) implements Html {
        public Element {
            attributes = List.copyOf(attributes);
            children = List.copyOf(children);
        }

        /** The same element with one more attribute. */
        Element set(Attr name, String value) {
            List<Attribute> more = new ArrayList<>(attributes);
            more.add(new Attribute(name, name.checked(value)));
            return new Element(tag, more, children);
        }

        Element cls(String names) {
            return set(Attr.CLASS, names);
        }

        Element id(String id) {
            return set(Attr.ID, id);
        }
    }

    /** The style sheet of the report, which is a resource of this module and never built from data. */
    record Stylesheet(String resource) implements Html {}

    static Html text(String text) {
        return new Text(text);
    }

    /**
     * Text that came from outside (a prompt, a name, a path): isolated, so that right-to-left marks in it cannot
     * reorder the words around it, and cut when it is absurdly long.
     */
    static Element data(String text) {
        return Tag.BDI.of(Shown.shorten(text, 4000));
    }

    /** A code-styled piece of such text. */
    static Element code(String text) {
        return Tag.CODE.of(data(text));
    }
}
