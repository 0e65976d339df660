// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.library;

import io.github.headcounthll.core.startup.StartupException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/** The release of the jar, from the file that the build puts into it. */
final class Release {
    private static final String FILE = "META-INF/headcount-spark.properties";

    private Release() {}

    static String version() {
        URL file = Release.class.getClassLoader().getResource(FILE);
        try {
            return file == null ? "unknown" : version(file);
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** Fails if the class path has jars of several releases: their classes would be mixed. */
    static void expectOne() {
        Set<String> versions = new TreeSet<>();
        Set<String> places = new TreeSet<>();
        try {
            for (URL file : Collections.list(Release.class.getClassLoader().getResources(FILE))) {
                versions.add(version(file));
                places.add(file.toString());
            }
        } catch (IOException e) {
            throw new StartupException("the jar cannot be read: " + e);
        }
        if (versions.size() > 1) {
            throw new StartupException("there are jars of several versions, " + String.join(" and ", versions) + " ("
                    + String.join(", ", places) + "); keep one of them in spark.jars and on the class path");
        }
    }

    private static String version(URL file) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = file.openStream()) {
            properties.load(in);
        }
        return properties.getProperty("version", "unknown");
    }
}
