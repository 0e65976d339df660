package io.github.headcounthll.ffm;

import io.github.headcounthll.library.FunctionsTests;
import io.github.headcounthll.library.TestLibrary;

class NativeFunctionsTest extends FunctionsTests {
    NativeFunctionsTest() {
        super(TestLibrary.backend(NativeBackend::open));
    }
}
