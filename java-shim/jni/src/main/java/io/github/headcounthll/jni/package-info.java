// SPDX-License-Identifier: Apache-2.0
/**
 * libheadcount in this process for a Java version without java.lang.foreign. {@link
 * io.github.headcounthll.jni.NativeMethods} is the entire native interface, implemented by headcount_jni.c.
 */
package io.github.headcounthll.jni;
