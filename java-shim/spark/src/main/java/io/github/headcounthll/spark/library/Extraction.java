// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.library;

import io.github.headcounthll.core.startup.Configuration;
import io.github.headcounthll.core.startup.StartupException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import org.apache.spark.SparkEnv;

/**
 * Writes the libraries of the jar to a directory that only this user can write:
 *
 * <pre>DIRECTORY/SHA-256 of the library/libheadcount.so</pre>
 *
 * All class loaders and processes of a machine share that file. It is written under another name and renamed, so that a
 * mapped file is never changed.
 */
final class Extraction {
    /** The property that names the directory. */
    static final String DIRECTORY = "spark.headcount.libraryDirectory";

    private static final String JNI_NAME = "libheadcount-jni.so";
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private final Path directory;
    private final String architecture;

    private Extraction(Path directory, String architecture) {
        this.directory = directory;
        this.architecture = architecture;
    }

    static Extraction forThisProcess() {
        String machine = System.getProperty("os.arch");
        String architecture = switch (machine) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64", "arm64" -> "arm64";
            default ->
                throw new StartupException("the jar has libraries for amd64 and arm64, and this JVM is for " + machine);
        };
        String configured = configured();
        Path directory = configured == null
                ? Path.of(System.getProperty("java.io.tmpdir"), "headcount-spark-" + System.getProperty("user.name"))
                : Path.of(configured);
        return new Extraction(directory.toAbsolutePath(), architecture);
    }

    private static String configured() {
        SparkEnv environment = SparkEnv.get();
        String value = environment == null ? null : environment.conf().get(DIRECTORY, null);
        return value == null ? System.getProperty(DIRECTORY) : value;
    }

    /** What to do if the library cannot be loaded from this directory. */
    String advice() {
        return " (set " + DIRECTORY
                + " to a directory that this user can write and that is not mounted noexec; it is now " + directory
                + ")";
    }

    /** The C library, extracted if it is not there yet. */
    Path library() {
        byte[] content = resource(Configuration.LIBRARY_NAME);
        try {
            return place(content);
        } catch (IOException e) {
            throw new StartupException("it cannot be written to " + directory + ": " + e + advice());
        }
    }

    private Path place(byte[] content) throws IOException {
        createPrivate(directory);
        Path folder = directory.resolve(HexFormat.of().formatHex(sha256(content)));
        createPrivate(folder);
        Path file = folder.resolve(Configuration.LIBRARY_NAME);
        if (!Files.isRegularFile(file) || !Arrays.equals(Files.readAllBytes(file), content)) {
            Path written = Files.write(temporary(folder), content);
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }

    /** A new copy of the JNI library: the JVM binds a file name to one class loader. */
    Path jniLibrary() {
        byte[] content = resource(JNI_NAME);
        try {
            return Files.write(temporary(directory), content);
        } catch (IOException e) {
            throw new StartupException("it cannot be written to " + directory + ": " + e + advice());
        }
    }

    private static Path temporary(Path folder) throws IOException {
        return Files.createTempFile(folder, "headcount-", ".so", PosixFilePermissions.asFileAttribute(PRIVATE));
    }

    /** Creates a folder for this user alone; one that exists must be this user's, and closed to others for writing. */
    private void createPrivate(Path folder) throws IOException {
        try {
            Files.createDirectories(folder.getParent());
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
        } catch (FileAlreadyExistsException e) {
            expectPrivate(folder);
        }
    }

    private void expectPrivate(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new StartupException(folder + " is not a directory" + advice());
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
        boolean shared = permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE);
        Object owner = Files.getAttribute(folder, "unix:uid");
        Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid", LinkOption.NOFOLLOW_LINKS);
        if (shared || !owner.equals(user)) {
            throw new StartupException(
                    folder + " can be written by other users, who could replace the library" + advice());
        }
    }

    private byte[] resource(String name) {
        String path = "native/" + architecture + "/" + name;
        try (InputStream in = Extraction.class.getClassLoader().getResourceAsStream(path)) {
            if (in == null) {
                throw new StartupException("the jar has no " + path + ": it was built for another architecture");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new StartupException("the jar cannot be read: " + e);
        }
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
