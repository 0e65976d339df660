// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.startup;

import java.util.Locale;

/** A processor architecture: its names in the JVM, in the plugin's folders, and in ELF files. */
enum Architecture {
    AMD64("amd64", "x86_64", 62),
    ARM64("arm64", "aarch64", 183),
    /** Any other architecture; no library exists for it. */
    OTHER(null, null, -1);

    private final String folder;
    private final String commonName;
    private final int elfMachine;

    Architecture(String folder, String commonName, int elfMachine) {
        this.folder = folder;
        this.commonName = commonName;
        this.elfMachine = elfMachine;
    }

    /** The architecture of this JVM. */
    static Architecture current() {
        return ofJvm(System.getProperty("os.arch"));
    }

    /** The architecture for a value of {@code os.arch}. */
    static Architecture ofJvm(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> AMD64;
            case "aarch64", "arm64" -> ARM64;
            default -> OTHER;
        };
    }

    /** The architecture for {@code e_machine} of an ELF header. */
    static Architecture ofElf(int machine) {
        for (Architecture architecture : values()) {
            if (architecture.elfMachine == machine) {
                return architecture;
            }
        }
        return OTHER;
    }

    /**
     * The subfolder of the plugin that holds the library. {@link #OTHER} returns {@code os.arch}, a folder that does
     * not exist.
     */
    String folder() {
        return this == OTHER ? System.getProperty("os.arch") : folder;
    }

    /** {@code x86_64} or {@code aarch64}; null for {@link #OTHER}. */
    String commonName() {
        return commonName;
    }
}
