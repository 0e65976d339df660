package io.github.headcounthll.ffm;

import io.github.headcounthll.library.ConcurrencyTests;
import io.github.headcounthll.library.TestLibrary;

class ConcurrencyTest extends ConcurrencyTests {
    ConcurrencyTest() {
        super(TestLibrary.backend(NativeBackend::open));
    }
}
