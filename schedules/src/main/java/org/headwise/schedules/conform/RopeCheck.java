package org.headwise.schedules.conform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.headwise.checkpoint.StoredTensor;
import org.headwise.model.Grid;
import org.headwise.model.infinity.InfinityGeometries;
import org.headwise.model.infinity.Rope2d;
import org.headwise.tensor.Tensor;
import tools.jackson.databind.JsonNode;

/** Kind {@code unit}, scale schedules, rotary tables and rotated vectors. */
final class RopeCheck implements CaseCheck {
    private static final Pattern TABLE = Pattern.compile("table_r([0-9.]+)_mode([0-9])");
    private static final int RELEASED_MODE = 2;

    @Override
    public boolean covers(RecordedCase recorded) {
        return recorded.kind().equals("unit")
                && recorded.has("head_dim")
                && (recorded.has("rotate_cases") || recorded.has("schedules"));
    }

    @Override
    public void check(RecordedCase recorded, Workshop workshop, Comparison out) {
        int headDim = recorded.integer("head_dim");
        if (headDim < 4 || headDim % 4 != 0) {
            throw recorded.refuse("head_dim is " + headDim + ", expected a multiple of 4");
        }
        if (recorded.has("base") && recorded.number("base") != 10000) {
            out.skip("the rotary base " + recorded.number("base") + " is that of no released model");
            return;
        }
        schedules(recorded, out);
        indices(recorded, out);
        for (String name : recorded.tensorNames()) {
            Matcher table = TABLE.matcher(name);
            if (table.matches()) {
                table(recorded, table, headDim, out);
            }
        }
        for (JsonNode part : recorded.json().path("rotate_cases")) {
            rotated(recorded, part, headDim, out);
        }
    }

    private static void schedules(RecordedCase recorded, Comparison out) {
        for (Map.Entry<String, JsonNode> ratio :
                recorded.json().path("schedules").properties()) {
            for (Map.Entry<String, JsonNode> pn : ratio.getValue().properties()) {
                List<Grid> expected = recorded.grids(pn.getValue(), "schedules");
                List<Grid> got = InfinityGeometries.schedule(pn.getKey(), number(recorded, ratio.getKey()));
                out.equal("the schedule " + pn.getKey() + " of ratio " + ratio.getKey(), expected, got);
            }
        }
    }

    /** The rows and columns of the largest grid that rows and columns of every grid stand for, seen by their angles. */
    private static void indices(RecordedCase recorded, Comparison out) {
        for (Map.Entry<String, JsonNode> ratio :
                recorded.json().path("mode2_indices_per_ratio").properties()) {
            List<Grid> grids = InfinityGeometries.largest(number(recorded, ratio.getKey()));
            if (ratio.getValue().size() > grids.size()) {
                throw recorded.refuse("lists more scales than the template of ratio " + ratio.getKey() + " has");
            }
            for (int scale = 0; scale < ratio.getValue().size(); scale++) {
                Grid grid = grids.get(scale);
                Rope2d rope = Rope2d.of(grid, grids.getLast(), 4, RELEASED_MODE);
                JsonNode expected = ratio.getValue().get(scale);
                String what = "of scale " + scale + ", ratio " + ratio.getKey();
                angles(
                        recorded.integers(expected.path("h")),
                        grid.height(),
                        grid.width(),
                        0,
                        rope,
                        "rows " + what,
                        out);
                angles(recorded.integers(expected.path("w")), grid.width(), 1, 1, rope, "columns " + what, out);
            }
        }
    }

    /** With a head of four numbers each axis has one pair of frequency 1, so its angle is the position itself. */
    private static void angles(
            List<Integer> expected, int count, int stride, int pair, Rope2d rope, String what, Comparison out) {
        double[] recorded = new double[2 * count];
        double[] got = new double[2 * count];
        if (expected.size() != count) {
            out.fail(what + ": " + expected.size() + " positions are recorded for " + count);
            return;
        }
        for (int i = 0; i < count; i++) {
            recorded[2 * i] = Math.cos(expected.get(i));
            recorded[2 * i + 1] = Math.sin(expected.get(i));
            got[2 * i] = rope.cos(i * stride, pair);
            got[2 * i + 1] = rope.sin(i * stride, pair);
        }
        out.close(what, recorded, got, new long[] {count, 2}, new Tolerance(1e-6, 0));
    }

    /** A table [cos and sin, every n-th token, pairs] of the first scales; n and their number follow from its size. */
    private static void table(RecordedCase recorded, Matcher name, int headDim, Comparison out) {
        StoredTensor expected = recorded.tensor(name.group());
        long[] shape = expected.shape();
        if (shape.length != 3 || shape[0] != 2 || shape[2] != headDim / 2) {
            throw recorded.refuse("tensor " + name.group() + " is no table [2, tokens, " + headDim / 2 + "]");
        }
        List<Grid> grids = InfinityGeometries.largest(number(recorded, name.group(1)));
        int stride = stride(recorded.json().path("tensors").path(name.group()));
        List<Rope2d> ropes = new ArrayList<>();
        int mode = Integer.parseInt(name.group(2));
        for (Grid grid : grids) {
            ropes.add(Rope2d.of(grid, grids.getLast(), headDim, mode));
        }
        int tokens = (int) shape[1];
        int pairs = headDim / 2;
        float[] got = new float[2 * tokens * pairs];
        for (int t = 0; t < tokens; t++) {
            int scale = 0;
            int token = t * stride;
            while (scale < grids.size() - 1 && token >= grids.get(scale).tokens()) {
                token -= grids.get(scale++).tokens();
            }
            for (int pair = 0; pair < pairs; pair++) {
                got[t * pairs + pair] = ropes.get(scale).cos(token, pair);
                got[(tokens + t) * pairs + pair] = ropes.get(scale).sin(token, pair);
            }
        }
        out.close(expected, got, recorded.tolerance("table"));
    }

    private static int stride(JsonNode tensor) {
        Matcher every = Pattern.compile("every ([0-9]+)(st|nd|rd|th)")
                .matcher(tensor.path("desc").asString(""));
        return every.find() ? Math.max(1, Integer.parseInt(every.group(1))) : 1;
    }

    private static void rotated(RecordedCase recorded, JsonNode part, int headDim, Comparison out) {
        String name = part.path("name").asString("");
        List<Grid> schedule = InfinityGeometries.schedule(
                part.path("pn").asString(""), part.path("ratio").asDouble(0));
        int scale = part.path("scale_ind").asInt(-1);
        if (scale < 0 || scale >= schedule.size()) {
            throw recorded.refuse("rotates scale " + scale + " of " + schedule.size());
        }
        Grid largest =
                InfinityGeometries.largest(part.path("ratio").asDouble(0)).getLast();
        Rope2d rope = Rope2d.of(schedule.get(scale), largest, headDim, RELEASED_MODE);
        for (String which : List.of("q", "k")) {
            Tensor x = recorded.tensor(name + "." + which).toTensor();
            if (x.rank() != 4 || x.dim(2) != schedule.get(scale).tokens() || x.dim(3) != headDim) {
                throw recorded.refuse("tensor " + name + "." + which + " is " + x + ", expected [batch, heads, "
                        + schedule.get(scale).tokens() + ", " + headDim + "]");
            }
            for (int row = 0; row < x.size() / headDim; row++) {
                rope.rotate(x.data(), row * headDim, row % x.dim(2));
            }
            out.close(recorded.tensor(name + "." + which + "_out"), x.data(), recorded.tolerance("rotated"));
        }
    }

    private static double number(RecordedCase recorded, String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw recorded.refuse("has the aspect ratio \"" + text + "\", expected a number");
        }
    }
}
