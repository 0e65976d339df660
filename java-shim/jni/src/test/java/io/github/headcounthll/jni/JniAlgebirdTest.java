package io.github.headcounthll.jni;

import io.github.headcounthll.library.AlgebirdTests;
import io.github.headcounthll.library.TestLibrary;

class JniAlgebirdTest extends AlgebirdTests {
    JniAlgebirdTest() {
        super(TestLibrary.backend(JniLibrary::openLibrary));
    }
}
