package org.headwise.reports;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The JDK's XML parser as an independent reader of what was written. */
final class Xml {
    private Xml() {}

    static Document parse(String text) {
        try {
            String body = text.startsWith("<!DOCTYPE html>")
                    ? text.substring("<!DOCTYPE html>".length()).strip()
                    : text;
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(body)));
        } catch (Exception e) {
            throw new AssertionError("not well-formed: " + e.getMessage(), e);
        }
    }

    static List<Element> all(Document document, String name) {
        NodeList nodes = document.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    /** Every element in order as its name and the sorted names of its attributes. */
    static List<String> shape(Document document) {
        List<String> shape = new ArrayList<>();
        for (Element element : all(document, "*")) {
            TreeSet<String> names = new TreeSet<>();
            for (int a = 0; a < element.getAttributes().getLength(); a++) {
                names.add(element.getAttributes().item(a).getNodeName());
            }
            shape.add(element.getTagName() + names);
        }
        return shape;
    }
}
