package org.headwise.reports;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Drafters and refiners of ScaleKV on maps of layers by scales. */
final class RolesSection {
    private static final String ID = "drafters";
    private static final String TITLE = "Drafters and refiners";
    private static final int MOST_NAMED = 12;

    private RolesSection() {}

    static Section of(ReportData data, DataFolder files) {
        LayerRoles roles = data.roles();
        List<Html> body = new ArrayList<>();
        roles.measured().ifPresent(measured -> body.add(measured(measured, files)));
        for (int i = 0; i < roles.schedules().size(); i++) {
            body.add(kept(roles.schedules().get(i), "drafters-" + (i + 1) + ".csv", files));
        }
        if (body.isEmpty()) {
            return Section.missing(
                    ID,
                    TITLE,
                    "There is no attention selectivity in this run, and no schedule of scalekv.",
                    "headwise calibrate MODEL --prompts FILE --out RUN");
        }
        return new Section(ID, TITLE, body);
    }

    private static Html measured(LayerRoles.Measured measured, DataFolder files) {
        LayerRoles.Kept usual = measured.usual();
        String sentence = "Attention selectivity (ScaleKV) of every layer and scale, in deviations from the mean of the"
                + " scale. Layers low on it are drafters, which look around; those high on it are refiners, which look at"
                + " their own scale and a few earlier tokens. Dots mark the drafters that " + usual.name()
                + " picks with its usual options, the lowest among the pairs of layer and scale before which it cuts: "
                + named(usual) + ".";
        Table table = table(measured);
        return Figure.of(
                "",
                Html.text(sentence),
                Charts.selectivity(measured).inline("Map of the attention selectivity of layers by scales"),
                table,
                files.add("selectivity.csv", table));
    }

    private static Html kept(LayerRoles.Kept kept, String file, DataFolder files) {
        Table table = table(kept);
        String sentence = "Tokens that a kv head of a layer holds when a scale begins. Dots mark the drafters, "
                + named(kept) + ".";
        return Figure.of(
                kept.name(),
                Html.data(sentence),
                Charts.tokens(kept).inline("Map of the tokens held by layers at the beginning of scales"),
                table,
                files.add(file, table));
    }

    /** How many, and scale by scale as many as fit a sentence. */
    private static String named(LayerRoles.Kept kept) {
        List<String> scales = new ArrayList<>();
        for (int scale = 0; scale < kept.cut().length; scale++) {
            String layers = layers(kept, scale);
            if (!layers.isEmpty()) {
                scales.add((layers.contains(",") ? "layers " : "layer ") + layers + " at scale " + scale);
            }
        }
        String count = kept.count() + " of " + kept.pairs();
        if (scales.isEmpty()) {
            return count;
        }
        String all = scales.stream().limit(MOST_NAMED).collect(Collectors.joining("; "));
        return count + " (" + all + (scales.size() > MOST_NAMED ? "; and more)" : ")");
    }

    private static String layers(LayerRoles.Kept kept, int scale) {
        return IntStream.range(0, kept.drafters().length)
                .filter(layer -> kept.drafters()[layer][scale])
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(", "));
    }

    private static Table table(LayerRoles.Measured measured) {
        List<List<Object>> rows = new ArrayList<>();
        for (int layer = 0; layer < measured.z().length; layer++) {
            for (int scale = 1; scale < measured.z()[layer].length; scale++) {
                boolean could = measured.usual().cut()[scale];
                boolean drafter = measured.usual().drafters()[layer][scale];
                rows.add(Table.row(
                        layer,
                        scale,
                        measured.index()[layer][scale],
                        measured.z()[layer][scale],
                        could ? drafter ? "drafter" : "refiner" : "not cut"));
            }
        }
        return new Table(
                "Attention selectivity",
                List.of(
                        Table.Column.integer("layer"),
                        Table.Column.integer("scale"),
                        Table.Column.real("selectivity", "", 5),
                        Table.Column.real("Z-score", "", 3),
                        Table.Column.text("role")),
                rows);
    }

    private static Table table(LayerRoles.Kept kept) {
        List<List<Object>> rows = new ArrayList<>();
        for (int scale = 1; scale < kept.cut().length; scale++) {
            int at = scale;
            rows.add(Table.row(
                    scale,
                    layers(kept, scale),
                    one(kept, scale, true),
                    one(kept, scale, false),
                    Arrays.stream(kept.tokens())
                            .mapToInt(ofLayer -> ofLayer[at])
                            .average()
                            .orElse(0)));
        }
        return new Table(
                "Tokens of drafters and refiners",
                List.of(
                        Table.Column.integer("scale"),
                        Table.Column.text("drafters"),
                        Table.Column.integer("tokens of a drafter"),
                        Table.Column.integer("tokens of a refiner"),
                        Table.Column.real("mean over layers", "tokens", 1)),
                rows);
    }

    /** The most that a drafter, or a refiner, holds; null where there is none. */
    private static Integer one(LayerRoles.Kept kept, int scale, boolean drafter) {
        return IntStream.range(0, kept.tokens().length)
                .filter(layer -> kept.drafters()[layer][scale] == drafter)
                .mapToObj(layer -> kept.tokens()[layer][scale])
                .max(Integer::compare)
                .orElse(null);
    }
}
