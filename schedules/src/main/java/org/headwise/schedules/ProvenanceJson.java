package org.headwise.schedules;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.headwise.files.Json;
import org.headwise.files.JsonFields;
import org.headwise.files.Provenance;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A {@link Provenance} as JSON: {@code tool}, {@code command}, {@code settings}, {@code inputs}, {@code counts}. */
public final class ProvenanceJson {
    private static final Set<String> FIELDS = Set.of("tool", "command", "settings", "inputs", "counts");

    private ProvenanceJson() {}

    public static ObjectNode write(Provenance provenance) {
        ObjectNode out = Json.object();
        out.put("tool", provenance.tool());
        ArrayNode command = out.putArray("command");
        provenance.command().forEach(command::add);
        ObjectNode settings = out.putObject("settings");
        provenance.settings().forEach(settings::put);
        ArrayNode inputs = out.putArray("inputs");
        for (Provenance.Input input : provenance.inputs()) {
            inputs.addObject()
                    .put("name", input.name())
                    .put("bytes", input.bytes())
                    .put("sha256", input.sha256());
        }
        ObjectNode counts = out.putObject("counts");
        provenance.counts().forEach(counts::put);
        return out;
    }

    public static Provenance read(JsonFields fields) {
        fields.only(FIELDS);
        JsonFields settings = fields.object("settings");
        SortedMap<String, String> resolved = new TreeMap<>();
        for (String name : settings.node().propertyNames()) {
            resolved.put(name, settings.text(name));
        }
        List<Provenance.Input> inputs = new ArrayList<>();
        for (JsonFields input : fields.objects("inputs")) {
            input.only(Set.of("name", "bytes", "sha256"));
            String digest = input.text("sha256");
            if (!digest.matches("[0-9a-f]{64}")) {
                throw input.refuse("sha256", "expected 64 lower-case hexadecimal digits");
            }
            inputs.add(new Provenance.Input(input.text("name"), input.whole("bytes", 0, Long.MAX_VALUE), digest));
        }
        JsonFields counts = fields.object("counts");
        Map<String, Long> counted = new TreeMap<>();
        for (String name : counts.node().propertyNames()) {
            counted.put(name, counts.whole(name, 0, Long.MAX_VALUE));
        }
        return new Provenance(fields.text("tool"), fields.texts("command"), resolved, inputs, counted);
    }
}
