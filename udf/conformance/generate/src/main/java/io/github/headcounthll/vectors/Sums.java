// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.vectors;

import com.twitter.algebird.HLL;
import com.twitter.algebird.HyperLogLog;
import com.twitter.algebird.HyperLogLogMonoid;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Answers requests of the fixture's generator on standard input, a line each, with sketches of precision 12. Bytes are
 * in hex.
 *
 * <ul>
 *   <li>{@code sum ID ...}: the sum of the ids' sketches, dense, and as Algebird made it
 *   <li>{@code merge SKETCH ...}: the cardinality of the sum of the sketches, and the sum
 * </ul>
 */
public final class Sums {
    private static final HyperLogLogMonoid MONOID = new HyperLogLogMonoid(12);

    private Sums() {}

    public static void main(String[] arguments) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
        for (String line; (line = in.readLine()) != null;) {
            String[] fields = line.split(" ");
            boolean ids = fields[0].equals("sum");
            HLL sum = MONOID.zero();
            for (int i = 1; i < fields.length; i++) {
                byte[] bytes = Sketches.bytes(fields[i]);
                sum = MONOID.plus(sum, ids ? MONOID.create(bytes) : HyperLogLog.fromBytes(bytes));
            }
            String hex = Sketches.hex(Sketches.bytes(sum));
            out.println(ids ? Sketches.hex(Sketches.bytes(sum.toDenseHLL())) + " " + hex : Sketches.cardinality(sum) + " " + hex);
        }
    }
}
