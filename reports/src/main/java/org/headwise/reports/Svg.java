package org.headwise.reports;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * A chart as a scalable drawing. What JFreeChart wrote is parsed and rebuilt from the closed lists of {@link Html}, so
 * that a name in a chart is escaped where all text is; on the way clip paths and with them all ids disappear, numbers
 * are rounded to a tenth of a pixel, and the colours of {@link Ink} become CSS variables.
 */
public final class Svg {
    private static final Pattern DECIMALS = Pattern.compile("-?[0-9]+\\.[0-9]+(?:[eE]-?[0-9]+)?");
    private static final Pattern RGB = Pattern.compile("rgb\\(([0-9]+),([0-9]+),([0-9]+)\\)");

    private final int width;
    private final int height;
    private final Box plot;
    private final List<Html> content;

    /** The part of a drawing that holds the data, in shares of its width and height. */
    record Box(double left, double top, double width, double height) {}

    private Svg(int width, int height, Box plot, List<Html> content) {
        this.width = width;
        this.height = height;
        this.plot = plot;
        this.content = content;
    }

    static Svg parse(String source, int width, int height, Box plot) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            Node root = factory.newDocumentBuilder()
                    .parse(new InputSource(new StringReader(source)))
                    .getDocumentElement();
            return new Svg(width, height, plot, children(root));
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new IllegalStateException("a chart was not written as valid SVG: " + e.getMessage(), e);
        }
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    Box plot() {
        return plot;
    }

    /** The drawing inside a page, no wider than drawn; {@code label} is read to those who cannot see it. */
    Html.Element inline(String label) {
        return root().set(Attr.ROLE, "img").set(Attr.ARIA_LABEL, label).set(Attr.STYLE, "width:" + width + "px");
    }

    /** A file of its own, with the colours for white paper. */
    public String document() {
        Html.Element root = root().set(Attr.XMLNS, "http://www.w3.org/2000/svg")
                .set(Attr.WIDTH, Integer.toString(width))
                .set(Attr.HEIGHT, Integer.toString(height))
                .set(Attr.STYLE, "font-family:" + "arial,liberation sans,helvetica,sans-serif");
        String text = HtmlText.fragment(root);
        for (Ink ink : Ink.values()) {
            text = text.replace(ink.variable(), hex(ink.light().getRGB()));
        }
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + text;
    }

    private Html.Element root() {
        return Tag.SVG.of(content).set(Attr.VIEW_BOX, "0 0 " + width + " " + height);
    }

    private static List<Html> children(Node parent) {
        List<Html> result = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node.getNodeType() == Node.TEXT_NODE) {
                result.add(Html.text(node.getNodeValue()));
            } else if (!node.getNodeName().equals("defs")) {
                result.addAll(element(node));
            }
        }
        return result;
    }

    /** One element; a group that only carries the style of a single child gives it to the child. */
    private static List<Html> element(Node node) {
        Tag tag = Tag.named(node.getNodeName())
                .orElseThrow(() -> new IllegalStateException("a chart holds an element " + node.getNodeName()));
        List<Html> children = children(node);
        List<Html.Attribute> attributes = attributes(node);
        if (tag == Tag.G && attributes.isEmpty()) {
            return children;
        }
        if (tag == Tag.G && children.size() == 1 && children.getFirst() instanceof Html.Element only) {
            if (only.attributes().stream().noneMatch(a -> a.name() == Attr.STYLE || a.name() == Attr.TRANSFORM)) {
                attributes.addAll(only.attributes());
                return List.of(new Html.Element(only.tag(), attributes, only.children()));
            }
        }
        return List.of(new Html.Element(tag, attributes, children));
    }

    private static List<Html.Attribute> attributes(Node node) {
        List<Html.Attribute> result = new ArrayList<>();
        NamedNodeMap all = node.getAttributes();
        for (int i = 0; i < all.getLength(); i++) {
            String name = all.item(i).getNodeName();
            String value = all.item(i).getNodeValue();
            switch (name) {
                case "clip-path", "id", "textLength", "lengthAdjust" -> {}
                case "style" -> {
                    String style = style(value);
                    if (!style.isEmpty()) {
                        result.add(new Html.Attribute(Attr.STYLE, Attr.STYLE.checked(style)));
                    }
                }
                default -> {
                    Attr attr = named(name);
                    String rounded = attr == Attr.TRANSFORM ? value : rounded(value);
                    rounded = attr == Attr.D ? PathData.shortened(rounded) : rounded;
                    result.add(new Html.Attribute(attr, attr.checked(rounded)));
                }
            }
        }
        return result;
    }

    private static Attr named(String name) {
        for (Attr attr : Attr.values()) {
            if (attr.attribute().equals(name)) {
                return attr;
            }
        }
        throw new IllegalStateException("a chart holds an attribute " + name);
    }

    private static String rounded(String numbers) {
        return DECIMALS.matcher(numbers).replaceAll(m -> {
            double value = Math.rint(Double.parseDouble(m.group()) * 10) / 10;
            return value == Math.rint(value) ? Long.toString((long) value) : String.format(Locale.ROOT, "%.1f", value);
        });
    }

    /** Keeps what is seen: paint, width and dashes of strokes, size and weight of text, sharp edges. */
    private static String style(String source) {
        List<String> kept = new ArrayList<>();
        for (String declaration : source.split(";")) {
            int colon = declaration.indexOf(':');
            if (colon < 0) {
                continue;
            }
            String name = declaration.substring(0, colon).strip();
            String value = declaration.substring(colon + 1).strip();
            boolean keep = switch (name) {
                case "fill", "font-size", "font-weight", "font-style", "stroke-dasharray" -> true;
                case "stroke" -> !value.equals("none");
                case "stroke-width", "fill-opacity", "stroke-opacity" -> !value.equals("1.0");
                case "shape-rendering" -> value.equals("crispEdges");
                default -> false;
            };
            if (keep) {
                kept.add(name + ":" + colour(rounded(value)));
            }
        }
        return String.join(";", kept).toLowerCase(Locale.ROOT);
    }

    private static String colour(String value) {
        Matcher rgb = RGB.matcher(value.replace(" ", ""));
        if (!rgb.matches()) {
            return value;
        }
        int number = Integer.parseInt(rgb.group(1)) << 16
                | Integer.parseInt(rgb.group(2)) << 8
                | Integer.parseInt(rgb.group(3));
        for (Ink ink : Ink.values()) {
            if ((ink.light().getRGB() & 0xffffff) == number) {
                return ink.variable();
            }
        }
        return hex(number);
    }

    private static String hex(int rgb) {
        return String.format(Locale.ROOT, "#%06x", rgb & 0xffffff);
    }
}
