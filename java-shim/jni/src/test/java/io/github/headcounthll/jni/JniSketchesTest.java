package io.github.headcounthll.jni;

import io.github.headcounthll.library.SketchesTests;
import io.github.headcounthll.library.TestLibrary;

class JniSketchesTest extends SketchesTests {
    JniSketchesTest() {
        super(TestLibrary.backend(JniLibrary::openLibrary));
    }
}
