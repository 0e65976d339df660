// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.spark.library;

import io.github.headcounthll.core.startup.StartupException;
import java.nio.file.Path;

/** What the class loaders of this process share: system properties. */
final class Process {
    private static final String LOADED = "headcount.spark.library";

    private Process() {}

    /**
     * Records the library that this process loads, and fails if it has loaded another: two class loaders, such as those
     * of two sessions of Spark Connect, may have jars of two versions, and a process has one library.
     */
    static void expectSameLibrary(Path library) {
        synchronized (System.class) {
            String known = System.getProperty(LOADED);
            if (known != null && !known.equals(library.toString())) {
                throw new StartupException("this process has loaded " + known
                        + " for another session, and this jar's library is " + library
                        + "; use one version of headcount-spark in all sessions, and restart the application");
            }
            System.setProperty(LOADED, library.toString());
        }
    }
}
