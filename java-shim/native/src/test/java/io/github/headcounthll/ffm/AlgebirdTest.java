package io.github.headcounthll.ffm;

import io.github.headcounthll.library.AlgebirdTests;
import io.github.headcounthll.library.TestLibrary;

class AlgebirdTest extends AlgebirdTests {
    AlgebirdTest() {
        super(TestLibrary.backend(NativeBackend::open));
    }
}
