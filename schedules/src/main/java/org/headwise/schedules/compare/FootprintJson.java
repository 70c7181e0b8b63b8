package org.headwise.schedules.compare;

import java.util.Locale;
import org.headwise.files.Json;
import org.headwise.schedules.runtime.Footprint;
import org.headwise.schedules.runtime.Storage;
import tools.jackson.databind.node.ObjectNode;

/** A {@link Footprint} as JSON: an object by meaning with tokens, what they are a share of, and bytes by storage type. */
public final class FootprintJson {
    private FootprintJson() {}

    /** @param rows batch rows that bytes are of */
    public static ObjectNode write(Footprint footprint, int rows) {
        ObjectNode out = Json.object();
        for (Footprint.Meaning meaning : Footprint.Meaning.values()) {
            ObjectNode one = out.putObject(name(meaning))
                    .put("tokens", footprint.tokens(meaning))
                    .put("full_tokens", footprint.full(meaning))
                    .put("share", footprint.share(meaning));
            ObjectNode bytes = one.putObject("bytes");
            for (Storage storage : Storage.values()) {
                bytes.put(storage.name(), footprint.bytes(meaning, rows, storage));
            }
        }
        return out;
    }

    static String name(Footprint.Meaning meaning) {
        return meaning.name().toLowerCase(Locale.ROOT);
    }
}
