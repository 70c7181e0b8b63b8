package org.headwise.reports;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.headwise.files.AtomicFile;
import org.headwise.model.Geometry;

/**
 * The report: one HTML file that opens anywhere without a network, with no script in it, and below two million bytes;
 * beside it a folder {@code report-data} with every table as CSV and every image in full size.
 */
public final class HtmlReport {
    /** The page is less detailed rather than larger than this many bytes. */
    public static final int MOST_BYTES = 2_000_000;

    private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

    private HtmlReport() {}

    /** Writes {@code target} and the folder beside it. */
    public static void write(ReportData data, Path target) {
        DataFolder files = new DataFolder();
        byte[] page = page(data, files).getBytes(StandardCharsets.UTF_8);
        Path folder = target.toAbsolutePath().getParent().resolve(DataFolder.NAME);
        files.files().forEach((name, bytes) -> AtomicFile.write(folder.resolve(name), bytes));
        AtomicFile.write(target, page);
    }

    /** The page in as much detail as fits. */
    static String page(ReportData data, DataFolder files) {
        String page = "";
        Drawings drawings = Drawings.of(data);
        for (Detail detail : Detail.LEVELS) {
            page = page(data, drawings, files, detail);
            if (page.getBytes(StandardCharsets.UTF_8).length < MOST_BYTES) {
                return page;
            }
        }
        return page;
    }

    private static String page(ReportData data, Drawings drawings, DataFolder files, Detail detail) {
        List<Section> sections = new ArrayList<>(List.of(
                SummarySection.of(data, files),
                ImageSection.of(data, drawings.gallery(), files, detail),
                FidelitySection.of(data, files),
                MethodsSection.of(data, files),
                MemorySection.of(data, files),
                BitsSection.of(data, files)));
        Section heads = HeadSection.of(data, drawings, files, detail);
        // A raster model has no scales, and a next-scale model no raster.
        if (data.run().geometry().raster() == null) {
            sections.addAll(List.of(heads, RolesSection.of(data, files), ScaleHeatSection.of(data, files)));
        } else {
            sections.addAll(RasterSections.of(data, files));
            sections.add(heads);
        }
        sections.addAll(
                List.of(StabilitySection.of(data, files), RunSection.of(data, files), NotesSection.of(data, detail)));
        List<Html> parts = new ArrayList<>();
        parts.add(header(data));
        sections.forEach(section -> parts.add(section.html()));
        Html body =
                Tag.BODY.of(Tag.DIV.of(contents(sections), Tag.MAIN.of(parts)).cls("page"));
        return HtmlText.page(Tag.HTML.of(head(data.title()), body).set(Attr.LANG, "en"));
    }

    /** The head of every page: no script, nothing from elsewhere. */
    static Html head(String title) {
        return Tag.HEAD.of(
                Tag.META.of().set(Attr.CHARSET, "utf-8"),
                Tag.META.of().set(Attr.HTTP_EQUIV, "Content-Security-Policy").set(Attr.CONTENT, POLICY),
                Tag.META.of().set(Attr.NAME, "viewport").set(Attr.CONTENT, "width=device-width, initial-scale=1"),
                Tag.META.of().set(Attr.NAME, "color-scheme").set(Attr.CONTENT, "light dark"),
                Tag.META.of().set(Attr.NAME, "generator").set(Attr.CONTENT, "Headwise"),
                Tag.TITLE.of(Shown.label(title, 120)),
                Tag.STYLE.of(new Html.Stylesheet("report.css")));
    }

    private static Html header(ReportData data) {
        Geometry g = data.run().geometry();
        return Tag.HEADER.of(
                Tag.H1.of(Html.data(Shown.shorten(data.title(), 300))),
                Tag.P
                        .of(
                                Html.data(Shown.shorten(data.run().model(), 300)),
                                Html.text(" \u00b7 " + g.layers() + " layers \u00d7 " + g.heads() + " heads \u00b7 "
                                        + g.steps().size() + " steps, " + g.totalTokens() + " tokens \u00b7 profile of "
                                        + data.run().prompts() + " prompts"))
                        .cls("under"));
    }

    private static Html contents(List<Section> sections) {
        List<Html> items = new ArrayList<>();
        for (Section section : sections) {
            items.add(Tag.LI.of(Tag.A.of(section.title()).set(Attr.HREF, "#" + section.id())));
        }
        return Tag.NAV.of(Tag.P.of("Contents"), Tag.UL.of(items)).set(Attr.ARIA_LABEL, "Contents");
    }
}
