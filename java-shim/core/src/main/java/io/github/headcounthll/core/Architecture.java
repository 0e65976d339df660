// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core;

import java.util.Locale;

/** A processor architecture: as the JVM calls it, as our folders are called, and as an ELF file says it. */
enum Architecture {
    AMD64("amd64", "x86_64", 62),
    ARM64("arm64", "aarch64", 183),
    /** Any other: there is no library for it. */
    OTHER(null, null, -1);

    private final String folder;
    private final String commonName;
    private final int elfMachine;

    Architecture(String folder, String commonName, int elfMachine) {
        this.folder = folder;
        this.commonName = commonName;
        this.elfMachine = elfMachine;
    }

    /** The one that this JVM runs on. */
    static Architecture current() {
        return ofJvm(System.getProperty("os.arch"));
    }

    /** The one of a value of {@code os.arch}. */
    static Architecture ofJvm(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> AMD64;
            case "aarch64", "arm64" -> ARM64;
            default -> OTHER;
        };
    }

    /** The one of an ELF header's e_machine. */
    static Architecture ofElf(int machine) {
        for (Architecture architecture : values()) {
            if (architecture.elfMachine == machine) {
                return architecture;
            }
        }
        return OTHER;
    }

    /** The plugin's folder for its library; of {@link #OTHER} the JVM's own word, where nothing will be found. */
    String folder() {
        return this == OTHER ? System.getProperty("os.arch") : folder;
    }

    /** x86_64 or aarch64; of {@link #OTHER} null. */
    String commonName() {
        return commonName;
    }
}
