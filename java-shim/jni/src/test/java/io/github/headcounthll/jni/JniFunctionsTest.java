// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.jni;

import io.github.headcounthll.clib.FunctionsTests;
import io.github.headcounthll.clib.TestLibrary;

class JniFunctionsTest extends FunctionsTests {
    JniFunctionsTest() {
        super(TestLibrary.backend(JniLibrary::openLibrary));
    }
}
