// SPDX-License-Identifier: Apache-2.0
/**
 * Shared by the bindings of libheadcount, java.lang.foreign and JNI: {@link io.github.headcounthll.clib.CFunction} is
 * the contract, {@link io.github.headcounthll.clib.Caller} is the interface that a binding implements.
 */
package io.github.headcounthll.clib;
