// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.jni;

import io.github.headcounthll.clib.AlgebirdTests;
import io.github.headcounthll.clib.TestLibrary;

class JniAlgebirdTest extends AlgebirdTests {
    JniAlgebirdTest() {
        super(TestLibrary.backend(JniLibrary::openLibrary));
    }
}
