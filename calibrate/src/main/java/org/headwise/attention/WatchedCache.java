package org.headwise.attention;

import java.util.List;
import org.headwise.model.Geometry;

/** A cache whose contents others look at on their way in. */
public final class WatchedCache implements CacheAround {
    private final KvCache cache;
    private final int images;
    private final List<KeyValueObserver> observers;
    private Geometry geometry;
    private boolean guided;

    /** @param images of the generation: with two batch rows an image, it is guided */
    public WatchedCache(KvCache cache, int images, List<KeyValueObserver> observers) {
        this.cache = cache;
        this.images = images;
        this.observers = List.copyOf(observers);
    }

    @Override
    public KvCache inner() {
        return cache;
    }

    @Override
    public void begin(Geometry geometry, int rows) {
        if (rows != images && rows != 2 * images) {
            throw new IllegalArgumentException(rows + " batch rows of " + images + " images");
        }
        this.geometry = geometry;
        guided = rows == 2 * images;
        cache.begin(geometry, rows);
    }

    @Override
    public void begin(Geometry geometry, List<BatchRow> rows, KeyTurn turn) {
        this.geometry = geometry;
        guided = rows.stream().anyMatch(row -> row.guidance() == Guidance.UNCONDITIONAL);
        cache.begin(geometry, rows, turn);
    }

    @Override
    public List<KvCache> parts(int count) {
        return count == 1
                ? List.of(this)
                : cache.parts(count).stream()
                        .<KvCache>map(part -> new WatchedCache(part, images, observers))
                        .toList();
    }

    @Override
    public void append(int layer, int step, float[] keys, float[] values) {
        KeyValueObserver.Appended appended = new KeyValueObserver.Appended(geometry, guided, layer, step, keys, values);
        observers.forEach(observer -> observer.appended(appended));
        cache.append(layer, step, keys, values);
    }
}
