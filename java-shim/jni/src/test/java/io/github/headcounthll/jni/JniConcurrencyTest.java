package io.github.headcounthll.jni;

import io.github.headcounthll.library.ConcurrencyTests;
import io.github.headcounthll.library.TestLibrary;

class JniConcurrencyTest extends ConcurrencyTests {
    JniConcurrencyTest() {
        super(TestLibrary.backend(JniLibrary::openLibrary));
    }
}
