// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.startup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryFileTest {
    @TempDir
    private Path folder;

    private Path elf(int machine, int bits) throws IOException {
        byte[] header = new byte[64];
        header[0] = 0x7f;
        header[1] = 'E';
        header[2] = 'L';
        header[3] = 'F';
        header[4] = (byte) (bits / 32);
        header[5] = 1;
        header[18] = (byte) machine;
        return Files.write(folder.resolve("libheadcount.so"), header);
    }

    private String problem(Path path, String system, String architecture) {
        String problem = LibraryFile.problem(path, "libheadcount.so", system, architecture);
        return problem == null ? null : problem.replace(folder.toString(), "DIR");
    }

    @Test
    void libraryForThisMachineIsAccepted() throws Exception {
        assertNull(problem(elf(62, 64), "Linux", "amd64"));
        assertNull(problem(elf(183, 64), "Linux", "aarch64"));
    }

    @Test
    void libraryOfOtherArchitectureIsRejected() throws Exception {
        assertEquals(
                "DIR/libheadcount.so: found a library for aarch64; expected one for x86_64, as this JVM (os.arch amd64)",
                problem(elf(183, 64), "Linux", "amd64"));
        assertEquals(
                "DIR/libheadcount.so: found a library for x86_64; expected one for aarch64, as this JVM (os.arch aarch64)",
                problem(elf(62, 64), "Linux", "aarch64"));
        assertEquals(
                "DIR/libheadcount.so: found a library for ELF machine 40 (32 bits); expected one for x86_64, as this JVM (os.arch amd64)",
                problem(elf(40, 32), "Linux", "amd64"));
    }

    @Test
    void missingLibraryIsReportedWithItsPath() {
        assertEquals(
                "DIR/libheadcount.so: found nothing; expected libheadcount.so for x86_64",
                problem(folder.resolve("libheadcount.so"), "Linux", "amd64"));
        assertEquals(
                "DIR: found something that is not a file; expected libheadcount.so for aarch64",
                problem(folder, "Linux", "aarch64"));
        assertEquals(
                "no library: the plugin's folder is unknown; set headcount.library.path to the absolute path of libheadcount.so",
                problem(null, "Linux", "amd64"));
    }

    @Test
    void missingLibraryIsReportedWithTheShippedName() {
        String problem = LibraryFile.problem(folder.resolve("x.so"), "libheadcount-jni.so", "Linux", "amd64");
        assertEquals(
                "DIR/x.so: found nothing; expected libheadcount-jni.so for x86_64",
                problem.replace(folder.toString(), "DIR"));
    }

    @Test
    void fileWithoutElfHeaderIsRejected() throws Exception {
        String expected =
                "DIR/x.so: found a file that is not a shared library (no ELF header); expected libheadcount.so for x86_64";
        assertEquals(expected, problem(Files.writeString(folder.resolve("x.so"), "x".repeat(100)), "Linux", "amd64"));
        assertEquals(expected, problem(Files.writeString(folder.resolve("x.so"), ""), "Linux", "amd64"));
    }

    @Test
    void otherSystemIsRejectedBeforeReadingFiles() {
        assertEquals(
                "this machine is Mac OS X on aarch64; the native backend runs on Linux on x86_64 (amd64) and aarch64 (arm64)",
                problem(null, "Mac OS X", "aarch64"));
        assertEquals(
                "this machine is Linux on ppc64le; the native backend runs on Linux on x86_64 (amd64) and aarch64 (arm64)",
                problem(null, "Linux", "ppc64le"));
    }
}
