package org.headwise.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.headwise.model.Geometry;
import org.headwise.model.Grid;
import org.junit.jupiter.api.Test;

class WatchedCacheTest {
    private static final Geometry MODEL = Geometry.raster("janus", 1, 1, 1, 2, new Grid(2, 2));

    @Test
    void handsEveryCallOn() throws Exception {
        List<String> called = new ArrayList<>();
        KvCache inner = (KvCache) Proxy.newProxyInstance(
                KvCache.class.getClassLoader(), new Class<?>[] {KvCache.class}, (_, method, _) -> {
                    called.add(method.toString());
                    return method.getReturnType() == boolean.class ? true : null;
                });
        List<String> expected = new ArrayList<>();
        try (WatchedCache cache = new WatchedCache(inner, 1, List.of())) {
            for (Method method : KvCache.class.getMethods()) {
                if (method.getName().equals("parts")) {
                    // One part is the cache itself; the others have a test of their own.
                    continue;
                }
                Object[] arguments = Arrays.stream(method.getParameterTypes())
                        .map(type -> type == int.class ? 1 : type == List.class ? List.of() : null)
                        .toArray();
                method.invoke(cache, arguments);
                expected.add(method.toString());
            }
            assertEquals(expected, called);
        }
    }

    @Test
    void watchesEveryPartOfABatch() {
        List<KeyValueObserver.Appended> seen = new ArrayList<>();
        try (FullCache inner = new FullCache();
                WatchedCache cache = new WatchedCache(inner, 2, List.of(seen::add))) {
            assertEquals(List.of(cache), cache.parts(1));
            List<KvCache> parts = cache.parts(2);
            List<Geometry> geometries = List.of(MODEL.withPrompt(3), MODEL);
            for (int part = 0; part < 2; part++) {
                BatchRow row = new BatchRow(part, Guidance.CONDITIONAL);
                parts.get(part).begin(geometries.get(part), List.of(row), null);
            }
            parts.get(0).append(0, 0, new float[6], new float[6]);
            parts.get(1).append(0, 0, new float[2], new float[2]);
            assertEquals(
                    geometries,
                    seen.stream().map(KeyValueObserver.Appended::geometry).toList());
            assertEquals(2 * 4 * (6 + 2), inner.ledger().peak());
        }
    }

    @Test
    void knowsGuidanceOfTheRows() {
        for (boolean guided : new boolean[] {false, true}) {
            List<KeyValueObserver.Appended> seen = new ArrayList<>();
            List<BatchRow> rows = new ArrayList<>(List.of(new BatchRow(0, Guidance.CONDITIONAL)));
            rows.add(guided ? new BatchRow(0, Guidance.UNCONDITIONAL) : new BatchRow(1, Guidance.CONDITIONAL));
            try (WatchedCache cache = new WatchedCache(new FullCache(), 1, List.of(seen::add))) {
                cache.begin(MODEL, rows, null);
                cache.append(0, 0, new float[4], new float[4]);
            }
            assertEquals(1, seen.size());
            assertEquals(guided, seen.getFirst().guided());
            assertTrue(seen.getFirst().geometry() == MODEL);
        }
    }
}
