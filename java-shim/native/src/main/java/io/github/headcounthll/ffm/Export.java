package io.github.headcounthll.ffm;

import java.lang.invoke.MethodHandle;

/**
 * A function of the library, called in two ways.
 *
 * @param critical takes heap arrays as they lie, and holds up safepoints while it is inside: for calls of some ten
 *     microseconds
 * @param plain takes memory off the heap only, and holds up nobody
 */
record Export(MethodHandle critical, MethodHandle plain) {}
