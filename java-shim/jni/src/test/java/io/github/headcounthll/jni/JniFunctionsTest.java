package io.github.headcounthll.jni;

import io.github.headcounthll.library.FunctionsTests;
import io.github.headcounthll.library.TestLibrary;

class JniFunctionsTest extends FunctionsTests {
    JniFunctionsTest() {
        super(TestLibrary.backend(JniLibrary::openLibrary));
    }
}
