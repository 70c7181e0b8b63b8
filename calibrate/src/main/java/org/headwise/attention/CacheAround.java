package org.headwise.attention;

import java.util.List;
import org.headwise.model.Geometry;

/** A cache around another, which every call goes on to; an implementation says what it does besides. */
public interface CacheAround extends KvCache {
    /** The cache inside. */
    KvCache inner();

    @Override
    default void begin(Geometry geometry, int rows) {
        inner().begin(geometry, rows);
    }

    @Override
    default void begin(Geometry geometry, List<BatchRow> rows, KeyTurn turn) {
        inner().begin(geometry, rows, turn);
    }

    @Override
    default void append(int layer, int step, float[] keys, float[] values) {
        inner().append(layer, step, keys, values);
    }

    @Override
    default KvView view(int layer, int step) {
        return inner().view(layer, step);
    }

    @Override
    default boolean wantsQueries(int layer, int step) {
        return inner().wantsQueries(layer, step);
    }

    @Override
    default void queries(int layer, int step, Queries queries) {
        inner().queries(layer, step, queries);
    }

    @Override
    default Received receives(int layer, int step) {
        return inner().receives(layer, step);
    }

    @Override
    default void attended(int layer, int step) {
        inner().attended(layer, step);
    }

    @Override
    default Ledger ledger() {
        return inner().ledger();
    }

    @Override
    default void close() {
        inner().close();
    }
}
