package org.headwise.workbench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;
import org.headwise.files.Json;
import tools.jackson.databind.node.ObjectNode;

/** Which headwise this is, and what it runs on. */
final class About {
    private About() {}

    /** The version of the project that this was built from. */
    static String version() {
        Properties properties = new Properties();
        try (InputStream in = About.class.getResourceAsStream("headwise.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    /** Name and version as provenance records it. */
    static String tool() {
        return "headwise " + version();
    }

    static List<String> lines() {
        return List.of(tool(), "Java " + java(), system());
    }

    static ObjectNode json() {
        return Json.object().put("version", version()).put("java", java()).put("system", system());
    }

    private static String java() {
        return Runtime.version() + " (" + System.getProperty("java.vendor") + ")";
    }

    private static String system() {
        return System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch");
    }
}
