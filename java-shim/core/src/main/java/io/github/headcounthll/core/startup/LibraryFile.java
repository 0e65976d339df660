// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.startup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checks a shared library before it is loaded: whether it exists and is built for this machine. */
public final class LibraryFile {
    private static final int HEADER = 20;
    private static final int MAGIC = 0x7f454c46;
    private static final int CLASS_64 = 2;
    private static final int LITTLE_ENDIAN = 1;

    private LibraryFile() {}

    /**
     * Returns the problem with the library at {@code path}, which is shipped as {@code name}, on this machine as one line;
     * null if there is none.
     */
    public static String problem(Path path, String name) {
        return problem(path, name, System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    static String problem(Path path, String name, String system, String jvmArchitecture) {
        Architecture wanted = Architecture.ofJvm(jvmArchitecture);
        if (!system.equals("Linux") || wanted == Architecture.OTHER) {
            return "this machine is " + system + " on " + jvmArchitecture
                    + "; the native backend runs on Linux on x86_64 (amd64) and aarch64 (arm64)";
        }
        if (path == null) {
            return "no library: the plugin's folder is unknown; set headcount.library.path to the absolute path of "
                    + Configuration.LIBRARY_NAME;
        }
        if (!Files.isRegularFile(path)) {
            return path + ": found " + (Files.exists(path) ? "something that is not a file" : "nothing") + "; expected "
                    + name + " for " + wanted.commonName();
        }
        byte[] header;
        try (InputStream in = Files.newInputStream(path)) {
            header = in.readNBytes(HEADER);
        } catch (IOException e) {
            return path + " cannot be read: " + e;
        }
        return headerProblem(path, name, header, wanted, jvmArchitecture);
    }

    private static String headerProblem(
            Path path, String name, byte[] header, Architecture wanted, String jvmArchitecture) {
        ByteBuffer elf = ByteBuffer.wrap(header);
        if (header.length < HEADER || elf.getInt(0) != MAGIC) {
            return path + ": found a file that is not a shared library (no ELF header); expected " + name + " for "
                    + wanted.commonName();
        }
        ByteOrder order = header[5] == LITTLE_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        int machine = Short.toUnsignedInt(elf.order(order).getShort(18));
        Architecture found = Architecture.ofElf(machine);
        if (found == wanted && header[4] == CLASS_64) {
            return null;
        }
        return path + ": found a library for "
                + (found == Architecture.OTHER ? "ELF machine " + machine : found.commonName())
                + (header[4] == CLASS_64 ? "" : " (32 bits)") + "; expected one for " + wanted.commonName()
                + ", as this JVM (os.arch " + jvmArchitecture + ")";
    }
}
