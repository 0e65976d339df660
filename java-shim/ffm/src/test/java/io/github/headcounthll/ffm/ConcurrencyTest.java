// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.ffm;

import io.github.headcounthll.clib.ConcurrencyTests;
import io.github.headcounthll.clib.TestLibrary;

class ConcurrencyTest extends ConcurrencyTests {
    ConcurrencyTest() {
        super(TestLibrary.backend(Library::openLibrary));
    }
}
