package org.headwise.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.headwise.attention.Guidance;
import org.headwise.model.Geometry;

/**
 * Columns of a statistic that keeps conditional and unconditional rows apart: one for the conditional rows, and one whose
 * name ends in {@code _uncond} if there were unconditional rows.
 */
final class GuidedColumns {
    private final Geometry geometry;
    private final boolean guided;
    private final List<Column> columns = new ArrayList<>();

    /** @param queries how many were seen: [layers, heads, guidance rows] */
    GuidedColumns(Geometry geometry, double[] queries) {
        this.geometry = geometry;
        boolean seen = false;
        for (int cell = 1; cell < queries.length; cell += 2) {
            seen |= queries[cell] > 0;
        }
        guided = seen;
    }

    /** Index among [layers, heads, guidance rows]. */
    static int cell(Geometry geometry, int layer, int head, Guidance guidance) {
        return 2 * (layer * geometry.heads() + head) + (guidance == Guidance.CONDITIONAL ? 0 : 1);
    }

    /** Numbers of all heads in one kind of rows: [layers * heads]. */
    static double[] of(Geometry geometry, Guidance guidance, IntToDoubleFunction ofCell) {
        return PerHead.of(
                geometry,
                head -> ofCell.applyAsDouble(
                        cell(geometry, head / geometry.heads(), head % geometry.heads(), guidance)));
    }

    /** Adds a quantity; {@code ofCell} gives it by index among [layers, heads, guidance rows]. */
    GuidedColumns add(String name, String unit, String description, IntToDoubleFunction ofCell) {
        columns.add(new Column(name, unit, description, of(geometry, Guidance.CONDITIONAL, ofCell)));
        if (guided) {
            columns.add(new Column(
                    name + "_uncond",
                    unit,
                    description + ", in unconditional rows",
                    of(geometry, Guidance.UNCONDITIONAL, ofCell)));
        }
        return this;
    }

    List<Column> list() {
        return columns;
    }
}
