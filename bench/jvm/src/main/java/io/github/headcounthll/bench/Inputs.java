// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.bench;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What bench/inputs wrote: ids, by the set that they are of, and Headcount's sketch of each set. */
record Inputs(byte[][][] ids, byte[][] sketches) {
    static final int PRECISION = 12;
    static final int ID_LENGTH = 36;
    private static final int COLUMN_SKETCHES = 1 << 16;

    static Inputs dense() {
        return read("dense");
    }

    static Inputs sparse() {
        return read("sparse");
    }

    private static Inputs read(String name) {
        Path folder = Path.of(System.getProperty("headcount.bench.inputs"));
        try {
            byte[][] sketches = records(Files.readAllBytes(folder.resolve(name + ".sketches")));
            byte[] all = Files.readAllBytes(folder.resolve(name + ".ids"));
            byte[][][] ids = new byte[sketches.length][all.length / ID_LENGTH / sketches.length][ID_LENGTH];
            int at = 0;
            for (byte[][] set : ids) {
                for (byte[] id : set) {
                    System.arraycopy(all, at, id, 0, ID_LENGTH);
                    at += ID_LENGTH;
                }
            }
            return new Inputs(ids, sketches);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the inputs in " + folder, e);
        }
    }

    private static byte[][] records(byte[] file) throws IOException {
        List<byte[]> all = new ArrayList<>();
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(file));
        while (in.available() > 0) {
            all.add(in.readNBytes(in.readInt()));
        }
        return all.toArray(byte[][]::new);
    }

    int size() {
        return ids[0].length;
    }

    /** A library's own sketches of the same sets. */
    byte[][] encoded(Function<byte[][], byte[]> encode) {
        byte[][] rows = new byte[ids.length][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = encode.apply(ids[i]);
        }
        return rows;
    }

    /** Copies of the sketches, in more memory than any cache holds. */
    static byte[][] column(byte[][] sketches) {
        byte[][] rows = new byte[COLUMN_SKETCHES][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = sketches[7 * i % sketches.length].clone();
        }
        return rows;
    }
}
