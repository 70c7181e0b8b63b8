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
