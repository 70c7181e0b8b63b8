package org.headwise.schedules.exchange;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.headwise.files.InputRefused;
import org.headwise.files.Json;
import org.headwise.files.JsonFields;
import org.headwise.files.Provenance;
import org.headwise.model.Geometry;
import org.headwise.schedules.Budget;
import org.headwise.schedules.Capacity;
import org.headwise.schedules.Rule;
import org.headwise.schedules.Schedule;
import org.headwise.schedules.Selector;
import org.headwise.schedules.methods.ScaleKv;
import org.headwise.schedules.methods.ScaleKvTable;

/** Reads ScaleKV's budget files, see {@link ScaleKvBudgetFile}. */
public final class ScaleKvBudgetImport {
    private ScaleKvBudgetImport() {}

    /**
     * Reads a budget for a geometry, which the file does not name.
     *
     * @param selection how tokens are to be chosen, which the file does not say either; a base of 0 becomes the mean that
     *     the layers hold, rounded down
     * @throws InputRefused if the file contradicts itself or the geometry
     */
    public static Schedule read(Path file, Geometry geometry, Selector selection, Provenance provenance) {
        JsonFields document = JsonFields.of(Json.read(file), file.toString());
        int steps = geometry.steps().size();
        int layers = geometry.layers();
        List<Rule> rules = new ArrayList<>();
        Set<String> scales = new HashSet<>();
        int[] held = new int[layers];
        long most = 0;
        for (int step = 0; step < steps - 1; step++) {
            String scale = "Scale " + (step + ScaleKvTable.FIRST_ROW);
            scales.add(scale);
            for (int layer = 0; layer < layers; layer++) {
                held[layer] += geometry.tokens(step);
            }
            if (document.has(scale)) {
                int[] tokens = scale(document.object(scale), held);
                long sum = 0;
                for (int layer = 0; layer < layers; layer++) {
                    rules.add(new Capacity(step, layer, tokens[layer], selection));
                    held[layer] = Math.min(held[layer], tokens[layer]);
                    sum += held[layer];
                }
                most = Math.max(most, sum);
            }
        }
        document.only(scales);
        if (rules.isEmpty()) {
            throw InputRefused.in(
                    file, "there is no scale in it, expected some of " + new TreeMap<>(index(scales)).values());
        }
        if (selection instanceof Selector.Released released && released.base() == 0) {
            return read(file, geometry, withBase(released, (int) (most / layers)), provenance);
        }
        double share = Math.min(1, (double) most / layers / geometry.incomingTokens());
        return new Schedule(
                geometry,
                ScaleKv.NAME,
                new TreeMap<>(Map.of("imported", "true")),
                new Budget(share, Budget.Meaning.BETWEEN_STEPS),
                rules,
                provenance);
    }

    private static Map<Integer, String> index(Set<String> scales) {
        Map<Integer, String> byNumber = new TreeMap<>();
        scales.forEach(scale -> byNumber.put(Integer.parseInt(scale.substring("Scale ".length())), scale));
        return byNumber;
    }

    private static Selector withBase(Selector.Released released, int base) {
        return new Selector.Released(
                released.window(), base, released.kernel(), released.pooling(), released.clearsAfter());
    }

    /** Tokens of each layer after one step. */
    private static int[] scale(JsonFields fields, int[] held) {
        Set<String> names = new HashSet<>(Set.of("High", "Max", "Min", "Limit"));
        int limit = 0;
        for (int layer = 0; layer < held.length; layer++) {
            names.add("Block " + layer);
            limit = Math.max(limit, held[layer]);
        }
        fields.only(names);
        int max = (int) fields.whole("Max", 0, Integer.MAX_VALUE);
        int min = (int) fields.whole("Min", 0, max);
        int high = 0;
        int[] tokens = new int[held.length];
        for (int layer = 0; layer < held.length; layer++) {
            long drafter = fields.whole("Block " + layer, 0, 1);
            high += (int) drafter;
            tokens[layer] = drafter == 1 ? max : min;
        }
        expect(fields, "High", high, "the number of blocks marked 1");
        expect(fields, "Limit", limit, "the most that a block of this geometry can hold");
        if (max == min ? high != 0 : high == 0) {
            throw fields.refuse(
                    "High",
                    "found " + high + " blocks of " + max + " tokens and the others of " + min
                            + ", expected more tokens in the blocks marked 1, or none marked");
        }
        return tokens;
    }

    private static void expect(JsonFields fields, String name, int expected, String what) {
        long found = fields.whole(name, 0, Integer.MAX_VALUE);
        if (found != expected) {
            throw fields.refuse(name, "found " + found + ", expected " + expected + ", " + what);
        }
    }
}
