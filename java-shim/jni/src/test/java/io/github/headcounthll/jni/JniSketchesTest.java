// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.jni;

import io.github.headcounthll.clib.SketchesTests;
import io.github.headcounthll.clib.TestLibrary;

class JniSketchesTest extends SketchesTests {
    JniSketchesTest() {
        super(TestLibrary.backend(JniLibrary::openLibrary));
    }
}
