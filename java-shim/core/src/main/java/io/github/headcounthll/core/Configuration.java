package io.github.headcounthll.core;

import java.nio.file.Path;

/**
 * headcount.properties, read and checked.
 *
 * @param source where it was read from, or null when there is no file and the defaults hold
 * @param backend {@code headcount.backend}: the name of a {@link BackendProvider}
 * @param libraryPath {@code headcount.library.path}: the library that the native backend loads
 */
public record Configuration(Path source, String backend, Path libraryPath) {}
