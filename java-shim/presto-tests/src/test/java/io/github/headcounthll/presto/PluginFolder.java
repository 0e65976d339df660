package io.github.headcounthll.presto;

import com.facebook.presto.spi.Plugin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Map;

/**
 * The plugin's folder as it is installed, with the C library in it, and loaded as a server does: in a class loader of its
 * own. So its backend is not that of the tests' other plugin, which is on their class path.
 */
final class PluginFolder {
    private static final String PLUGIN = "headcount-presto.jar";
    /** The function server's client. */
    private static final String CLIENT = "headcount-sidecar.jar";

    private final Path folder;
    private final Path libraries;

    PluginFolder() {
        try {
            folder = temporary(Files.createTempDirectory("headcount"));
            libraries = temporary(Files.createDirectory(
                    folder.resolve(System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64")));
            Path jar = Path.of(HeadcountPlugin.class.getProtectionDomain().getCodeSource().getLocation().getPath());
            temporary(Files.copy(jar, folder.resolve(PLUGIN)));
            temporary(Files.copy(Engines.ROOT.resolve("java-shim/sidecar/target").resolve(CLIENT), folder.resolve(CLIENT)));
            for (String library : new String[] {"libheadcount.so", "libheadcount-jni.so"}) {
                temporary(Files.copy(Engines.ROOT.resolve("build").resolve(library), libraries.resolve(library)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last named goes first. */
    private static Path temporary(Path path) {
        path.toFile().deleteOnExit();
        return path;
    }

    /** Where the C library is. */
    Path libraries() {
        return libraries;
    }

    /** What the server loads, with no configuration of ours. */
    Plugin load() {
        return load(Map.of());
    }

    /** What the server loads, with this headcount.properties. */
    Plugin load(Path configuration) {
        return load(Map.of("HEADCOUNT_CONFIG", configuration.toString()));
    }

    private Plugin load(Map<String, String> environment) {
        try {
            URL[] jars = {folder.resolve(PLUGIN).toUri().toURL(), folder.resolve(CLIENT).toUri().toURL()};
            return (Plugin) new OursFirst(jars).loadClass(HeadcountPlugin.class.getName())
                    .getConstructor(Map.class, Path.class, Path.class).newInstance(environment, null, folder);
        } catch (IOException | ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes our classes from the folder, and the server's from the server. */
    private static final class OursFirst extends URLClassLoader {
        OursFirst(URL[] jars) {
            super(jars, PluginFolder.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("io.github.headcounthll.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }

        /** The provider that is named in our jars, and not those of the class path. */
        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            return name.startsWith("META-INF/services/io.github.headcounthll.") ? findResources(name) : super.getResources(name);
        }
    }
}
