package io.github.headcounthll.ffm;

import io.github.headcounthll.library.SketchesTests;
import io.github.headcounthll.library.TestLibrary;

class NativeSketchesTest extends SketchesTests {
    NativeSketchesTest() {
        super(TestLibrary.backend(NativeBackend::open));
    }
}
