// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import com.facebook.presto.spi.Plugin;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A copy of the plugin's folder as `make presto-plugin` made it. A test may change it, and load it as a server does: in a
 * class loader of its own, so that its backend is not that of the tests' other plugin, which is on their class path.
 */
final class PluginFolder {
    private static final Path MADE = Engines.ROOT.resolve("build/presto-plugin/headcount");

    private final Path folder;

    /** In the folder for temporary files, until the process ends. */
    PluginFolder() throws IOException {
        this(Files.createTempDirectory("headcount").resolve("headcount"));
        folder.getParent().toFile().deleteOnExit(); // the last named goes first
        try (Stream<Path> files = Files.walk(folder)) {
            files.forEach(file -> file.toFile().deleteOnExit());
        }
    }

    /** In a folder that is not there yet. */
    PluginFolder(Path folder) throws IOException {
        this.folder = folder;
        if (!Files.isDirectory(MADE)) {
            throw new IllegalStateException(MADE + " is not there: run `make presto-plugin` first");
        }
        Files.createDirectories(folder.getParent());
        try (Stream<Path> files = Files.walk(MADE)) {
            for (Path file : files.collect(Collectors.toList())) {
                Files.copy(file, folder.resolve(MADE.relativize(file).toString()));
            }
        }
    }

    /** Where the C library is, of this machine's architecture. */
    Path libraries() {
        return folder.resolve(System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64");
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
            URL[] jars = {jar("headcount-presto.jar"), jar("headcount-sidecar.jar")};
            return (Plugin) new OursFirst(jars)
                    .loadClass(HeadcountPlugin.class.getName())
                    .getConstructor(Map.class, Path.class, Path.class)
                    .newInstance(environment, null, folder);
        } catch (IOException | ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private URL jar(String name) throws IOException {
        return folder.resolve(name).toUri().toURL();
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
            return name.startsWith("META-INF/services/io.github.headcounthll.")
                    ? findResources(name)
                    : super.getResources(name);
        }
    }
}
