// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.jni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.headcounthll.clib.Gcc;
import io.github.headcounthll.clib.TestLibrary;
import io.github.headcounthll.core.api.Backend;
import io.github.headcounthll.core.api.Functions;
import io.github.headcounthll.core.api.GroupedSketches;
import io.github.headcounthll.core.api.HeadcountException;
import io.github.headcounthll.core.startup.StartupException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs calls in a JVM that checks every use of JNI (-Xcheck:jni). */
class CheckedJvmTest {
    /** Calls of every kind: values, sketches, states, errors, and arguments too large for a thread's scratch memory. */
    static final class Calls {
        private Calls() {}

        public static void main(String[] arguments) {
            Path missing = Path.of(arguments[0]).resolveSibling("none.so");
            assertThrows(StartupException.class, () -> JniLibrary.openLibrary(missing));
            Backend backend = TestLibrary.backend(JniLibrary::openLibrary);
            Functions functions = backend.functions();
            GroupedSketches sketches = backend.newSketches(2);
            byte[] large = new byte[2 + (1 << 20)];
            large[0] = 2;
            large[1] = 20;
            sketches.merge(0, large, 0, large.length);
            sketches.addLong(1, 7, 12);
            byte[] one = sketches.sketch(1);
            functions.union(one, 0, one.length, one, 0, one.length);
            assertEquals(0, functions.cardinality(sketches.sketch(0), 0, large.length));
            assertThrows(HeadcountException.class, () -> functions.check(one, 0, 1));
            System.out.println("done: " + functions.cardinality(one, 0, one.length));
        }
    }

    @Test
    void findsNothingWrongWithTheCalls() throws Exception {
        String said = Gcc.run(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xcheck:jni",
                "-Dheadcount.root=" + System.getProperty("headcount.root"),
                "-cp",
                System.getProperty("java.class.path"),
                Calls.class.getName(),
                TestLibrary.PATH.toString()));
        assertTrue(said.contains("done: 1"), said);
        assertFalse(said.contains("in native method") || said.contains("JNI call made"), said);
    }
}
