package org.headwise.nd4j;

import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.headwise.files.InputRefused;
import org.headwise.tensor.Products;

/**
 * {@link Nd4jProducts} on another ND4J than that of the class path, in a class loader of its own: ND4J's CUDA backend for
 * today's cards exists in one release and its processor backend in a later one, and the two must not meet.
 */
public final class IsolatedProducts {
    private static final String SHARED = Products.class.getPackageName() + ".";

    private IsolatedProducts() {}

    /**
     * Loads ND4J from these jars.
     *
     * @throws InputRefused if the jars hold no ND4J that starts here
     */
    public static Products load(List<Path> jars) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        ClassLoader isolated = new Isolated(urls(jars));
        // ND4J looks for its backends through the context class loader.
        thread.setContextClassLoader(isolated);
        try {
            return (Products) isolated.loadClass(Nd4jProducts.class.getName())
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            throw new InputRefused("ND4J does not start from its " + jars.size() + " jars: " + cause, e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static URL[] urls(List<Path> jars) {
        List<URL> urls = new ArrayList<>();
        try {
            for (Path jar : jars) {
                urls.add(jar.toUri().toURL());
            }
            urls.add(Nd4jProducts.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI()
                    .toURL());
        } catch (MalformedURLException | URISyntaxException e) {
            throw new InputRefused("the class path of ND4J cannot be read: " + e.getMessage(), e);
        }
        return urls.toArray(URL[]::new);
    }

    /** Knows the JDK, the given places, and of the program only the interface between the two worlds. */
    private static final class Isolated extends URLClassLoader {
        Isolated(URL[] urls) {
            super(urls, ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            return name.startsWith(SHARED)
                    ? Products.class.getClassLoader().loadClass(name)
                    : super.loadClass(name, resolve);
        }
    }
}
