// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.vectors;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A set of ids, given by a rule. */
interface Ids {
    /** The number of ids, repeated ones included. */
    int count();

    /** The bytes of an id. */
    byte[] get(int i);

    /** The rule, as a vector gives it. */
    Json json();

    /** The ids client-START, client-START+1, ..., eight digits at least. */
    static Ids clients(int start, int count) {
        return new Ids() {
            @Override
            public int count() {
                return count;
            }

            @Override
            public byte[] get(int i) {
                String digits = Integer.toString(start + i);
                return ("client-" + "0".repeat(Math.max(0, 8 - digits.length())) + digits).getBytes(StandardCharsets.US_ASCII);
            }

            @Override
            public Json json() {
                return new Json().put("rule", "printf").put("format", "client-%08d").put("start", start).put("step", 1).put("n", count);
            }
        };
    }

    /** The given ids. A lone surrogate becomes a question mark in UTF-8. */
    static Ids list(List<String> ids) {
        return new Ids() {
            @Override
            public int count() {
                return ids.size();
            }

            @Override
            public byte[] get(int i) {
                return ids.get(i).getBytes(StandardCharsets.UTF_8);
            }

            @Override
            public Json json() {
                List<String> hex = new ArrayList<>();
                for (int i = 0; i < ids.size(); i++) {
                    hex.add(Sketches.hex(get(i)));
                }
                return new Json().put("rule", "list").put("list", ids).put("utf8_hex", hex);
            }
        };
    }

    /** Ids of one to four bytes a character, and of lengths around the 16 bytes of a hash block. */
    List<String> VARIED = List.of("", "a", "b", "c", "foo", "bar", "uid_1", "uid_2", "uid_3", "0", "client-00000000",
            "12345678-1234-4234-8234-123456789abc", "a b c", " ", "\0", "\0\0", "\u00e9", "e\u0301", "\u00fc\u00df",
            "\u65e5\u672c\u8a9e", "\ud83d\ude00", "\ud83d", "x\ude00y", "\ufffd", "\uffff", "\u0080", "\u07ff\u0800",
            "\ud800\udc00", "abcdefghijklmno", "abcdefghijklmnop", "abcdefghijklmnopq",
            "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9", "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9z",
            "The quick brown fox jumps over the lazy dog", "\r\n\t\"\\'");
}
