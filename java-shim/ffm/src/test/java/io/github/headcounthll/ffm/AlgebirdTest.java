// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.ffm;

import io.github.headcounthll.clib.AlgebirdTests;
import io.github.headcounthll.clib.TestLibrary;

class AlgebirdTest extends AlgebirdTests {
    AlgebirdTest() {
        super(TestLibrary.backend(Library::openLibrary));
    }
}
