// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.ffm;

import io.github.headcounthll.clib.SketchesTests;
import io.github.headcounthll.clib.TestLibrary;

class NativeSketchesTest extends SketchesTests {
    NativeSketchesTest() {
        super(TestLibrary.backend(Library::openLibrary));
    }
}
