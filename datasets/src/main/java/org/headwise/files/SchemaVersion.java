package org.headwise.files;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code schema} of an artefact, written KIND/MAJOR.MINOR, and what to say when it is another one. */
public record SchemaVersion(String kind, int major, int minor) {
    private static final Pattern TEXT = Pattern.compile("([a-z][a-z0-9.-]{0,60})/(\\d{1,6})\\.(\\d{1,6})");

    /**
     * Refuses an artefact of another kind, newer than this version, or of an older major version.
     *
     * @param text the schema found
     * @param place file and place, for the message
     */
    public void require(String text, String place) {
        Matcher found = TEXT.matcher(text);
        if (!found.matches() || !found.group(1).equals(kind)) {
            throw new InputRefused(place + ": found schema \"" + shortened(text) + "\", expected \"" + this + "\"");
        }
        int foundMajor = Integer.parseInt(found.group(2));
        int foundMinor = Integer.parseInt(found.group(3));
        if (foundMajor > major || foundMajor == major && foundMinor > minor) {
            throw new InputRefused(place + ": schema \"" + text + "\" is too new, this program knows \"" + this
                    + "\"; use a newer version of the program");
        }
        if (foundMajor < major) {
            throw new InputRefused(place + ": schema \"" + text + "\" is too old, this program knows \"" + this
                    + "\"; make the file again with this version");
        }
    }

    /** The same for the field {@code schema} of a document. */
    public void require(JsonFields fields) {
        require(fields.text("schema"), fields.origin() + " at " + fields.pointer() + "/schema");
    }

    private static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }

    @Override
    public String toString() {
        return kind + "/" + major + "." + minor;
    }
}
