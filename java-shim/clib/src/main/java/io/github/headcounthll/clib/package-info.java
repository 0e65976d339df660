// SPDX-License-Identifier: Apache-2.0
/**
 * What the ways of calling libheadcount have in common, java.lang.foreign's and JNI's:
 * {@link io.github.headcounthll.clib.CFunction} is the contract, {@link io.github.headcounthll.clib.Caller} what a
 * way has to offer.
 */
package io.github.headcounthll.clib;
