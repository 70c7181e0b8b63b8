package org.headwise.schedules;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.headwise.files.AtomicFile;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.files.JsonFields;
import org.headwise.files.ProvenanceJson;
import org.headwise.model.Geometry;
import org.headwise.model.GeometryJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file format {@code schedule.json}, versions 1 and 2: {@code format}, {@code version}, {@code geometry}, {@code method},
 * {@code parameters}, {@code budget}, {@code rules}, {@code predicted}, {@code provenance}. Its JSON Schema is the
 * resource {@code schedule.schema.json} beside this class. Reading refuses what it does not know.
 */
public final class ScheduleJson {
    /** The value of {@code format}: what tells a schedule from any other JSON file. */
    public static final String FORMAT = "headwise-schedule";
    /** The latest version. Written is the oldest that can say what a schedule says, so that older programs read it. */
    public static final int VERSION = 2;

    private static final int OLDEST = 1;

    private static final Set<String> FIELDS = Set.of(
            "format", "version", "geometry", "method", "parameters", "budget", "rules", "predicted", "provenance");
    /** Far beyond any model; keeps a hostile file from asking for memory or overflowing a sum. */
    private static final long MOST_MOMENTS = 1 << 24;

    private static final double MOST_TOKENS = 1L << 50;

    private ScheduleJson() {}

    public static ObjectNode write(Schedule schedule) {
        ObjectNode out = Json.object();
        out.put("format", FORMAT);
        out.put("version", RulesJson.version(schedule.rules()));
        out.set("geometry", GeometryJson.write(schedule.geometry()));
        out.put("method", schedule.method());
        ObjectNode parameters = out.putObject("parameters");
        schedule.parameters().forEach(parameters::put);
        ObjectNode budget = out.putObject("budget");
        budget.put("share", schedule.budget().share());
        budget.put("meaning", meaning(schedule.budget()));
        out.set("rules", RulesJson.write(schedule.rules()));
        out.set("predicted", LedgerJson.write(schedule));
        out.set("provenance", ProvenanceJson.write(schedule.provenance()));
        return out;
    }

    public static void write(Schedule schedule, Path file) {
        AtomicFile.write(file, Json.pretty(write(schedule)));
    }

    /** Reads a schedule and checks that its predicted ledger is the one its rules lead to. */
    public static Schedule read(Path file) {
        return read(Json.read(file), file.toString());
    }

    /** As {@link #read(Path)}, and refuses a schedule that is for another geometry. */
    public static Schedule read(Path file, Geometry expected) {
        Schedule schedule = read(file);
        GeometryJson.requireSame(expected, schedule.geometry(), file.toString());
        return schedule;
    }

    /**
     * The same for a parsed file.
     *
     * @param origin the file, for messages
     */
    public static Schedule read(JsonNode json, String origin) {
        if (!json.isObject() || !json.has("format") || !json.has("version")) {
            throw new InputRefused(origin + ": this is no schedule, expected an object with format \"" + FORMAT
                    + "\" and a version; make one by: headwise schedule METHOD --out FILE");
        }
        JsonFields fields = JsonFields.of(json, origin);
        String format = fields.text("format");
        if (!format.equals(FORMAT)) {
            throw fields.refuse("format", "found \"" + shortened(format) + "\", expected \"" + FORMAT + "\"");
        }
        long version = fields.whole("version", 0, Integer.MAX_VALUE);
        if (version > VERSION) {
            throw fields.refuse(
                    "version",
                    "version " + version + " is too new, this program reads versions up to " + VERSION + "; update it");
        }
        if (version < OLDEST) {
            throw fields.refuse(
                    "version",
                    "version " + version + " is too old, this program reads versions from " + OLDEST
                            + " on; make the schedule again");
        }
        fields.only(FIELDS);
        Geometry geometry = GeometryJson.read(fields.object("geometry"));
        refuseHuge(geometry, fields);
        List<Rule> rules = RulesJson.read(fields);
        if (version < RulesJson.version(rules)) {
            throw fields.refuse(
                    "version",
                    "version " + version + " has no such rules, expected version " + RulesJson.version(rules));
        }
        Optional<String> problem = RuleCheck.problem(geometry, rules);
        if (problem.isPresent()) {
            throw fields.refuse("rules", problem.get());
        }
        Schedule schedule = new Schedule(
                geometry,
                fields.text("method"),
                parameters(fields.object("parameters")),
                budget(fields.object("budget"), geometry),
                rules,
                ProvenanceJson.read(fields.object("provenance")));
        LedgerJson.check(fields.object("predicted"), schedule);
        return schedule;
    }

    private static void refuseHuge(Geometry geometry, JsonFields fields) {
        long moments = (long) geometry.steps().size() * (geometry.layers() + 1);
        double numbers = (double) geometry.layers() * geometry.kvHeads() * geometry.headDim() * geometry.totalTokens();
        if (moments > MOST_MOMENTS || numbers > MOST_TOKENS) {
            throw fields.refuse(
                    "geometry",
                    "the cache of this geometry would be beyond all bounds: "
                            + geometry.layers() + " layers of " + geometry.kvHeads() + " kv heads over "
                            + geometry.totalTokens() + " tokens in "
                            + geometry.steps().size() + " steps");
        }
    }

    private static SortedMap<String, String> parameters(JsonFields fields) {
        SortedMap<String, String> out = new TreeMap<>();
        for (String name : fields.node().propertyNames()) {
            out.put(name, fields.text(name));
        }
        return out;
    }

    private static Budget budget(JsonFields fields, Geometry geometry) {
        fields.only(Set.of("share", "meaning"));
        double share = fields.number("share");
        if (share < 0 || share > 1) {
            throw fields.refuse("share", "found " + share + ", expected a share from 0 to 1");
        }
        String found = fields.text("meaning");
        List<String> known = new ArrayList<>();
        for (Budget.Meaning meaning : Budget.Meaning.values()) {
            Budget budget = new Budget(share, meaning);
            if (meaning(budget).equals(found)) {
                if (meaning == Budget.Meaning.IMAGE_TOKENS && geometry.raster() == null) {
                    throw fields.refuse(
                            "meaning",
                            "found \"" + found + "\", which is for raster models, but the geometry is "
                                    + geometry.family() + "'s; expected another meaning");
                }
                return budget;
            }
            known.add(meaning(budget));
        }
        throw fields.refuse(
                "meaning", "found \"" + shortened(found) + "\", expected one of " + String.join(", ", known));
    }

    private static String meaning(Budget budget) {
        return budget.meaning().name().toLowerCase(Locale.ROOT);
    }

    private static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }
}
