// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.jni;

import java.nio.ByteBuffer;

/** The functions of headcount_jni.c, where they are documented. */
final class NativeMethods {
    /** The file name of the JNI library, in the same folder as libheadcount.so. */
    static final String LIBRARY_NAME = "libheadcount-jni.so";

    private NativeMethods() {}

    /** The ABI version and the names of the functions in their order, between spaces. */
    static native String contract();

    /** Opens a library; null, or what the system's loader says. {@code path} is a direct buffer, and ends with a zero. */
    static native byte[] open(ByteBuffer path);

    /** Looks for a function, by its ordinal, in the library that was opened last. */
    static native boolean find(int function);

    /** Calls a function on words at an address, one for each argument. */
    static native int call(int function, long words);

    /** Memory outside the heap that no collector frees. */
    static native ByteBuffer allocate(int size);

    /** Where a direct buffer's memory is. */
    static native long address(ByteBuffer buffer);

    /** Frees what {@link #allocate} gave. */
    static native void release(long address);
}
