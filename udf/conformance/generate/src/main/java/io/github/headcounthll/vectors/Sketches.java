// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.vectors;

import com.twitter.algebird.HLL;
import com.twitter.algebird.HyperLogLog;
import com.twitter.algebird.HyperLogLogMonoid;
import com.twitter.algebird.SparseHLL;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.function.Supplier;

/** Algebird's sketches and their description in a vector. */
final class Sketches {
    private Sketches() {}

    /** The sketch of one id, as spark-hyperloglog's hll_create makes it. */
    static HLL create(int bits, byte[] id) {
        return new HyperLogLogMonoid(bits).create(id);
    }

    /**
     * The left fold of plus over the sketches of the ids. From the first dense sum on, the registers are updated in
     * place: plus would copy all of them for each id.
     */
    static HLL sum(int bits, Ids ids) {
        HyperLogLogMonoid monoid = new HyperLogLogMonoid(bits);
        HLL sum = monoid.zero();
        int next = 0;
        while (next < ids.count() && isSparse(sum)) {
            sum = monoid.plus(sum, monoid.create(ids.get(next++)));
        }
        if (next == ids.count()) {
            return sum;
        }
        byte[] registers = new byte[sum.size()];
        sum.updateInto(registers);
        for (; next < ids.count(); next++) {
            monoid.create(ids.get(next)).updateInto(registers);
        }
        return HyperLogLog.fromBytes(dense(bits, registers));
    }

    /** The bytes of a dense sketch. */
    static byte[] dense(int bits, byte[] registers) {
        byte[] bytes = new byte[2 + registers.length];
        bytes[0] = 2;
        bytes[1] = (byte) bits;
        System.arraycopy(registers, 0, bytes, 2, registers.length);
        return bytes;
    }

    static boolean isSparse(HLL sketch) {
        return sketch instanceof SparseHLL;
    }

    static byte[] bytes(HLL sketch) {
        return HyperLogLog.toBytes(sketch);
    }

    /** Adds a sketch, its bytes only up to a number of them, and its estimate. */
    static Json describe(Json vector, HLL sketch, int maxBytes) {
        byte[] bytes = bytes(sketch);
        HLL dense = sketch.toDenseHLL();
        vector.put("sparse", isSparse(sketch)).put("len", bytes.length).put("sha256", sha256(bytes))
                .put("b64", bytes.length <= maxBytes ? base64(bytes) : null).put("dense_sha256", sha256(bytes(dense)))
                .put("dense_cardinality", cardinality(dense)).put("dense_estimate_bits", bits(dense.estimatedSize()));
        return estimate(vector, sketch);
    }

    static Json estimate(Json vector, HLL sketch) {
        double estimate = sketch.estimatedSize();
        return vector.put("estimate", estimate).put("estimate_bits", bits(estimate))
                .put("cardinality", cardinality(sketch)).put("zero_count", sketch.zeroCnt());
    }

    static Object cardinality(HLL sketch) {
        return sketch.approximateSize().estimate();
    }

    static String bits(double value) {
        return hex(Double.doubleToRawLongBits(value));
    }

    static String hex(long value) {
        return String.format("%016x", value);
    }

    static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte b : bytes) {
            text.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
        }
        return text.toString();
    }

    /** The bytes that a string gives in hex. */
    static byte[] bytes(String hex) {
        byte[] bytes = new byte[hex.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
        }
        return bytes;
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    static String sha256(byte[] bytes) {
        try {
            return hex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The class and the message of what a call throws, or null if it returns. */
    static String failure(Supplier<?> call) {
        try {
            call.get();
            return null;
        } catch (Exception | Error e) {
            return text(e);
        }
    }

    static String text(Throwable e) {
        return e.getClass().getName() + ": " + e.getMessage();
    }
}
