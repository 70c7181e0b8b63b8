package org.headwise.reports;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The files that go beside a report, in the folder {@value #NAME}: a CSV per table, images in full size. */
final class DataFolder {
    static final String NAME = "report-data";

    private final Map<String, byte[]> files = new LinkedHashMap<>();

    /** Keeps a file; returns the link to it. */
    Html.Element add(String file, byte[] bytes) {
        files.put(file, bytes);
        return Tag.A.of(file).set(Attr.HREF, NAME + "/" + file);
    }

    Html.Element add(String file, Table table) {
        return add(file, TableCsv.of(table).getBytes(StandardCharsets.UTF_8));
    }

    Map<String, byte[]> files() {
        return Collections.unmodifiableMap(files);
    }
}
