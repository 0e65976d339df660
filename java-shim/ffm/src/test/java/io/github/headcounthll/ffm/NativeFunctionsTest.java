// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.ffm;

import io.github.headcounthll.clib.FunctionsTests;
import io.github.headcounthll.clib.TestLibrary;

class NativeFunctionsTest extends FunctionsTests {
    NativeFunctionsTest() {
        super(TestLibrary.backend(Library::openLibrary));
    }
}
