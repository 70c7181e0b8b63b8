package org.headwise.schedules.runtime;

import java.util.ArrayList;
import java.util.List;
import org.headwise.attention.KeyRun;
import org.headwise.attention.KeyTurn;
import org.headwise.attention.KvSpan;
import org.headwise.attention.KvView;
import org.headwise.model.Geometry;

/**
 * What a step of a raster model sees in one layer.
 *
 * <p>Where positions are numbered anew, a query at position p that sees n keys would sit at n - 1. Only differences of
 * positions count, so the query stays at p and the keys move instead: the newest n - fixed are where they should be, and
 * the fixed ones at the beginning of the sequence move towards the query by as many tokens as are gone.
 *
 * @param heads [rows * kv heads]
 * @param moved per head how many of its first slots move
 * @param turn moves keys; null if none does
 */
record RasterView(Geometry geometry, int step, HeadTokens[] heads, int[] moved, KeyTurn turn) implements KvView {
    private HeadTokens head(int row, int kvHead) {
        return heads[row * geometry.kvHeads() + kvHead];
    }

    @Override
    public int headDim() {
        return geometry.headDim();
    }

    @Override
    public int kvHeads() {
        return geometry.kvHeads();
    }

    @Override
    public int keys(int row, int kvHead) {
        return head(row, kvHead).count();
    }

    @Override
    public void copyKeys(int row, int kvHead, int from, int count, float[] into, int offset) {
        head(row, kvHead).copy(false, from, count, into, offset);
        int gone = gone(row, kvHead);
        int end = gone == 0 ? 0 : Math.min(from + count, moved[kvHead]);
        for (int slot = from; slot < end; slot++) {
            turn.turn(into, offset + (slot - from) * headDim(), gone);
        }
    }

    @Override
    public void copyValues(int row, int kvHead, int from, int count, float[] into, int offset) {
        head(row, kvHead).copy(true, from, count, into, offset);
    }

    private int gone(int row, int kvHead) {
        return moved[kvHead] == 0 ? 0 : geometry.promptTokens() + step - keys(row, kvHead);
    }

    @Override
    public List<KvSpan> spans(int row, int kvHead) {
        if (gone(row, kvHead) == 0) {
            return head(row, kvHead).spans(0);
        }
        List<KvSpan> rest = head(row, kvHead).spans(moved[kvHead]);
        if (rest.isEmpty()) {
            return rest;
        }
        int count = moved[kvHead];
        float[] keys = new float[count * headDim()];
        float[] values = new float[count * headDim()];
        copyKeys(row, kvHead, 0, count, keys, 0);
        copyValues(row, kvHead, 0, count, values, 0);
        List<KvSpan> all = new ArrayList<>(rest.size() + 1);
        all.add(new KvSpan(keys, 0, values, 0, count));
        all.addAll(rest);
        return all;
    }

    @Override
    public List<KeyRun> runs(int row, int kvHead) {
        HeadTokens head = head(row, kvHead);
        int prompt = geometry.promptTokens();
        List<KeyRun> runs = new ArrayList<>();
        for (int slot = 0; slot < head.count(); ) {
            int position = head.position(slot);
            int end = slot + 1;
            while (end < head.count() && head.position(end) == position + end - slot && head.position(end) < prompt) {
                end++;
            }
            runs.add(position < prompt ? new KeyRun(0, position, end - slot) : new KeyRun(position - prompt + 1, 0, 1));
            slot = end;
        }
        return runs;
    }
}
