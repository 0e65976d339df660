// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.ffm;

import io.github.headcounthll.clib.ArraySlice;
import io.github.headcounthll.clib.CFunction;
import io.github.headcounthll.clib.Status;
import java.lang.foreign.MemorySegment;

/** A short call: it passes heap arrays in place, and blocks safepoints. */
final class InPlace extends ForeignInvocation {
    private byte[] error;

    InPlace(CFunction function, Export export) {
        super(function, export.criticalSpread());
    }

    @Override
    protected boolean isInPlace() {
        return true;
    }

    @Override
    protected void addIn(ArraySlice... parts) {
        if (parts.length != 1) {
            throw new IllegalArgumentException(parts.length + " slices for an argument in place");
        }
        add(segment(parts[0]));
    }

    @Override
    protected void addOut(ArraySlice slice) {
        addIn(slice);
    }

    @Override
    protected void addInOut(ArraySlice... parts) {
        addIn(parts);
    }

    @Override
    protected void addError() {
        error = new byte[Status.ERROR_SIZE];
        add(MemorySegment.ofArray(error));
    }

    @Override
    protected byte[] error() {
        return error;
    }

    @Override
    protected void finish() {}

    @Override
    public void close() {}
}
