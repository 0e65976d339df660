// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.clib;

import io.github.headcounthll.clib.CFunction.Parameter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** A call that calls nothing, and keeps the copies that another would have made: each argument as bytes, or as a number. */
final class Copies extends Invocation {
    final List<Object> arguments = new ArrayList<>();

    Copies(CFunction function) {
        super(function);
    }

    byte[] bytes(int argument) {
        return (byte[]) arguments.get(argument);
    }

    int[] ints(int argument) {
        int[] ints = new int[bytes(argument).length / Integer.BYTES];
        ByteBuffer.wrap(bytes(argument))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer()
                .get(ints);
        return ints;
    }

    @Override
    protected boolean isInPlace() {
        return false;
    }

    @Override
    protected void addNumber(Parameter parameter, long value) {
        arguments.add(value);
    }

    @Override
    protected void addIn(ArraySlice... parts) {
        int size = 0;
        for (ArraySlice part : parts) {
            size += (int) part.bytes();
        }
        ByteBuffer all = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        for (ArraySlice part : parts) {
            for (int i = part.from(); i < part.from() + part.count(); i++) {
                if (part.array() instanceof byte[] bytes) {
                    all.put(bytes[i]);
                } else if (part.array() instanceof int[] ints) {
                    all.putInt(ints[i]);
                } else {
                    all.putLong(((long[]) part.array())[i]);
                }
            }
        }
        arguments.add(all.array());
    }

    @Override
    protected void addOut(ArraySlice slice) {
        throw new UnsupportedOperationException();
    }

    @Override
    protected void addInOut(ArraySlice... parts) {
        addIn(parts);
    }

    @Override
    protected void addError() {
        throw new UnsupportedOperationException();
    }

    @Override
    protected int invoke() {
        throw new UnsupportedOperationException();
    }

    @Override
    protected void finish() {}

    @Override
    protected byte[] error() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
