// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.jni;

import io.github.headcounthll.clib.ConcurrencyTests;
import io.github.headcounthll.clib.TestLibrary;

class JniConcurrencyTest extends ConcurrencyTests {
    JniConcurrencyTest() {
        super(TestLibrary.backend(JniLibrary::openLibrary));
    }
}
