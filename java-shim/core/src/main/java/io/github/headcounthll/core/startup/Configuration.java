// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.startup;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The contents of headcount.properties, validated. Every key has a default; the file is optional.
 *
 * @param source the file that was read, or null without a file
 * @param backend {@code headcount.backend}: the name of a {@link BackendProvider}; native by default
 * @param libraryPath {@code headcount.library.path}: the absolute path of the native backend's library; by default
 *     libheadcount.so in the plugin's subfolder for the architecture (amd64, arm64)
 * @param properties all properties that are set; a backend reads its own from here
 */
public record Configuration(Path source, String backend, Path libraryPath, Map<String, String> properties) {
    /** Overrides the file in the engine's configuration folder. */
    public static final String ENVIRONMENT_VARIABLE = "HEADCOUNT_CONFIG";
    /** The file name in the engine's configuration folder. */
    public static final String FILE_NAME = "headcount.properties";
    /** The file name of the library. */
    public static final String LIBRARY_NAME = "libheadcount.so";

    static final String BACKEND = "headcount.backend";
    static final String LIBRARY_PATH = "headcount.library.path";
    private static final List<String> KEYS = List.of(BACKEND, LIBRARY_PATH);
    private static final String DEFAULT_BACKEND = "native";

    /** The trimmed value of a property; null if it is not set. */
    public String property(String key) {
        return properties.get(key);
    }

    /** The error of a property with a value that is not accepted. */
    public StartupException notAccepted(String key, String accepted) {
        return new StartupException(
                source + ": " + key + "=" + property(key) + " is not accepted; accepted is " + accepted);
    }

    /** The absolute path that a property's value, or a part of it, names. */
    public Path absolutePath(String key, String value, String accepted) {
        Path path = path(value);
        if (path == null || !path.isAbsolute()) {
            throw notAccepted(key, accepted);
        }
        return path;
    }

    /**
     * Locates and reads the file.
     *
     * @param backends the accepted values of headcount.backend, with the properties of each
     */
    static Configuration load(
            Map<String, String> environment,
            Path configurationFolder,
            Path pluginFolder,
            Map<String, List<String>> backends) {
        Path source = find(environment, configurationFolder);
        Configuration defaults = new Configuration(
                source, DEFAULT_BACKEND, defaultLibrary(pluginFolder), source == null ? Map.of() : read(source));
        return defaults.checked(backends);
    }

    private static Path defaultLibrary(Path pluginFolder) {
        Path library = Path.of(Architecture.current().folder(), LIBRARY_NAME);
        return pluginFolder == null ? null : pluginFolder.resolve(library).toAbsolutePath();
    }

    private static Path find(Map<String, String> environment, Path configurationFolder) {
        String named = environment.getOrDefault(ENVIRONMENT_VARIABLE, "");
        if (!named.isEmpty()) {
            Path file = path(named);
            if (file == null || !Files.isRegularFile(file)) {
                throw new StartupException(ENVIRONMENT_VARIABLE + " names " + named + ", which is not a file");
            }
            return file;
        }
        if (configurationFolder == null) {
            return null;
        }
        Path file = configurationFolder.resolve(FILE_NAME);
        return Files.exists(file) ? file : null;
    }

    private static Map<String, String> read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new StartupException(file + " cannot be read: " + e);
        }
        Map<String, String> values = new TreeMap<>();
        properties
                .stringPropertyNames()
                .forEach(key -> values.put(key, properties.getProperty(key).strip()));
        return Collections.unmodifiableMap(values);
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /** Validates the properties and applies them to these defaults. */
    private Configuration checked(Map<String, List<String>> backends) {
        List<String> known = Stream.concat(
                        KEYS.stream(), new TreeMap<>(backends).values().stream().flatMap(List::stream))
                .toList();
        for (String key : properties.keySet()) {
            if (!known.contains(key)) {
                throw new StartupException(
                        source + ": there is no property " + key + "; there are " + String.join(", ", known));
            }
        }
        String chosen = properties.getOrDefault(BACKEND, backend);
        if (properties.containsKey(BACKEND) && !backends.containsKey(chosen)) {
            throw notAccepted(BACKEND, String.join(" or ", new TreeSet<>(backends.keySet())));
        }
        String library = property(LIBRARY_PATH);
        return new Configuration(
                source,
                chosen,
                library == null
                        ? libraryPath
                        : absolutePath(LIBRARY_PATH, library, "the absolute path of " + LIBRARY_NAME),
                properties);
    }
}
