package org.headwise.files;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@link Provenance} as JSON: {@code tool}, {@code command}, {@code settings}, {@code inputs} with {@code name},
 * {@code bytes} and {@code sha256}, {@code counts}, and, where there are some, {@code calibration_prompts}.
 */
public final class ProvenanceJson {
    private static final String DIGEST = "[0-9a-f]{64}";
    private static final String PROMPTS = "calibration_prompts";

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
        if (!provenance.calibrationPrompts().isEmpty()) {
            provenance.calibrationPrompts().forEach(out.putArray(PROMPTS)::add);
        }
        return out;
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws InputRefused if a field is missing, unknown or of the wrong kind
     */
    public static Provenance read(JsonFields fields) {
        fields.only(Set.of("tool", "command", "settings", "inputs", "counts", PROMPTS));
        JsonFields settingFields = fields.object("settings");
        SortedMap<String, String> settings = new TreeMap<>();
        for (String name : settingFields.node().propertyNames()) {
            settings.put(name, settingFields.text(name));
        }
        JsonFields countFields = fields.object("counts");
        Map<String, Long> counts = new TreeMap<>();
        for (String name : countFields.node().propertyNames()) {
            counts.put(name, countFields.whole(name, 0, Long.MAX_VALUE));
        }
        List<Provenance.Input> inputs = new ArrayList<>();
        for (JsonFields input : fields.objects("inputs")) {
            input.only(Set.of("name", "bytes", "sha256"));
            if (!input.text("sha256").matches(DIGEST)) {
                throw input.refuse("sha256", "expected 64 hexadecimal digits");
            }
            inputs.add(new Provenance.Input(
                    input.text("name"), input.whole("bytes", 0, Long.MAX_VALUE), input.text("sha256")));
        }
        List<String> prompts = fields.has(PROMPTS) ? fields.texts(PROMPTS) : List.of();
        for (int i = 0; i < prompts.size(); i++) {
            if (!prompts.get(i).matches(DIGEST)) {
                throw fields.refuse(PROMPTS + "/" + i, "expected 64 hexadecimal digits");
            }
        }
        return new Provenance(fields.text("tool"), fields.texts("command"), settings, inputs, counts, prompts);
    }
}
