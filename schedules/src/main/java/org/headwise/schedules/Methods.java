package org.headwise.schedules;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import org.headwise.files.InputRefused;

/** The methods there are: those that {@code META-INF/services} names, of this program and of whoever adds some. */
public final class Methods {
    private Methods() {}

    /** By name. */
    public static List<Method> all() {
        return ServiceLoader.load(Method.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(Method::name))
                .toList();
    }

    /** The method of that name. */
    public static Method named(String name) {
        List<Method> all = all();
        return all.stream()
                .filter(method -> method.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new InputRefused("there is no method " + name + ", expected one of "
                        + String.join(", ", all.stream().map(Method::name).toList())));
    }
}
