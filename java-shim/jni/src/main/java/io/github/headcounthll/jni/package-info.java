// SPDX-License-Identifier: Apache-2.0
/**
 * libheadcount in this process on a Java without java.lang.foreign. {@link io.github.headcounthll.jni.NativeMethods} is the whole
 * foreign surface, and headcount_jni.c its other side.
 */
package io.github.headcounthll.jni;
