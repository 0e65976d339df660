// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.trino;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** The built jars name the license of every library that is shaded into them. */
class LicensesTest {
    private static final String SHADED = "io/github/headcounthll/sidecar/shaded/";

    /** The shaded packages, and the artifact of each as the listing names it; the longest prefix counts. */
    private static final Map<String, String> ARTIFACTS = Map.of(
            "arrow/", "(Apache-2.0) Arrow Format (org.apache.arrow:arrow-format:",
            "google/common/",
                    "(Apache License, Version 2.0) Guava: Google Core Libraries for Java (com.google.guava:guava:",
            "google/common/util/concurrent/internal/",
                    "(Apache License, Version 2.0) Guava InternalFutureFailureAccess and InternalFutures"
                            + " (com.google.guava:failureaccess:",
            "google/flatbuffers/",
                    "(Apache License V2.0) FlatBuffers Java API (com.google.flatbuffers:flatbuffers-java:",
            "google/gson/", "(Apache-2.0) Gson (com.google.code.gson:gson:",
            "google/thirdparty/publicsuffix/",
                    "(Apache License, Version 2.0) Guava: Google Core Libraries for Java (com.google.guava:guava:",
            "grpc/", "(Apache 2.0) io.grpc:grpc-core (io.grpc:grpc-core:",
            "netty/", "(Apache License, Version 2.0) Netty/Common (io.netty:netty-common:",
            "perfmark/", "(Apache 2.0) perfmark:perfmark-api (io.perfmark:perfmark-api:");

    private static JarFile jar(String path) throws Exception {
        return new JarFile(
                Servers.ROOT.resolve("java-shim").resolve(Path.of(path)).toFile());
    }

    private static String text(JarFile jar, String name) throws Exception {
        JarEntry entry = jar.getJarEntry(name);
        assertTrue(entry != null, name);
        try (InputStream in = jar.getInputStream(entry)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<String> classes(JarFile jar) {
        return jar.stream()
                .map(JarEntry::getName)
                .filter(name -> name.endsWith(".class"))
                .toList();
    }

    @Test
    void sidecarJarNamesTheLicenseOfEachShadedPackage() throws Exception {
        try (JarFile jar = jar("sidecar-client/target/headcount-sidecar.jar")) {
            String listing = text(jar, "META-INF/THIRD-PARTY.txt");
            Set<String> used = new TreeSet<>();
            Set<String> unknown = new TreeSet<>();
            for (String name : classes(jar)) {
                if (!name.startsWith(SHADED)) {
                    assertTrue(name.startsWith("io/github/headcounthll/"), name);
                    continue;
                }
                String shaded = name.substring(SHADED.length());
                ARTIFACTS.keySet().stream()
                        .filter(shaded::startsWith)
                        .max((one, other) -> one.length() - other.length())
                        .ifPresentOrElse(used::add, () -> unknown.add(name));
            }
            assertEquals(Set.of(), unknown);
            assertTrue(used.containsAll(Set.of("arrow/", "google/flatbuffers/", "grpc/", "netty/")), used.toString());
            for (String shaded : used) {
                assertTrue(listing.contains(ARTIFACTS.get(shaded)), () -> shaded + " is not in:\n" + listing);
            }
        }
    }

    @Test
    void sidecarJarHasLicenseTextAndNotice() throws Exception {
        try (JarFile jar = jar("sidecar-client/target/headcount-sidecar.jar")) {
            assertTrue(text(jar, "META-INF/LICENSE").contains("Apache License"));
            assertTrue(text(jar, "META-INF/NOTICE").contains("Arrow"));
        }
    }

    @Test
    void pluginJarHasOnlyOurClasses() throws Exception {
        try (JarFile jar = jar("trino/target/headcount-trino.jar")) {
            assertEquals(
                    List.of(),
                    classes(jar).stream()
                            .filter(name -> !name.startsWith("io/github/headcounthll/"))
                            .toList());
        }
    }
}
