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
import java.util.Set;
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

    /** A configuration error; the message is one line. */
    static final class Invalid extends Exception {
        Invalid(String message) {
            super(message);
        }
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
            Map<String, List<String>> backends)
            throws Invalid {
        Path source = find(environment, configurationFolder);
        return new Reading(source, source == null ? Map.of() : read(source)).configuration(pluginFolder, backends);
    }

    private static Path find(Map<String, String> environment, Path configurationFolder) throws Invalid {
        String named = environment.getOrDefault(ENVIRONMENT_VARIABLE, "");
        if (!named.isEmpty()) {
            Path file = path(named);
            if (file == null || !Files.isRegularFile(file)) {
                throw new Invalid(ENVIRONMENT_VARIABLE + " names " + named + ", which is not a file");
            }
            return file;
        }
        if (configurationFolder == null) {
            return null;
        }
        Path file = configurationFolder.resolve(FILE_NAME);
        return Files.exists(file) ? file : null;
    }

    private static Map<String, String> read(Path file) throws Invalid {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new Invalid(file + " cannot be read: " + e);
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

    /** The values of one file. */
    private record Reading(Path source, Map<String, String> properties) {
        Configuration configuration(Path pluginFolder, Map<String, List<String>> backends) throws Invalid {
            List<String> known = Stream.concat(
                            KEYS.stream(),
                            new TreeMap<>(backends).values().stream().flatMap(List::stream))
                    .toList();
            for (String key : properties.keySet()) {
                if (!known.contains(key)) {
                    throw new Invalid(
                            source + ": there is no property " + key + "; there are " + String.join(", ", known));
                }
            }
            return new Configuration(source, backend(backends.keySet()), libraryPath(pluginFolder), properties);
        }

        private String value(String key) {
            return properties.get(key);
        }

        private Invalid refuse(String key, String accepted) {
            return new Invalid(source + ": " + key + "=" + value(key) + " is not accepted; accepted is " + accepted);
        }

        private String backend(Set<String> backends) throws Invalid {
            String value = value(BACKEND);
            if (value == null) {
                return DEFAULT_BACKEND;
            }
            if (!backends.contains(value)) {
                throw refuse(BACKEND, String.join(" or ", new TreeSet<>(backends)));
            }
            return value;
        }

        private Path libraryPath(Path pluginFolder) throws Invalid {
            String value = value(LIBRARY_PATH);
            if (value == null) {
                return pluginFolder == null
                        ? null
                        : pluginFolder
                                .resolve(Architecture.current().folder())
                                .resolve(LIBRARY_NAME)
                                .toAbsolutePath();
            }
            Path path = path(value);
            if (path == null || !path.isAbsolute()) {
                throw refuse(LIBRARY_PATH, "the absolute path of " + LIBRARY_NAME);
            }
            return path;
        }
    }
}
