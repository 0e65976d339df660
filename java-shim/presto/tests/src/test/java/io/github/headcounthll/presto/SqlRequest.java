// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.presto;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A request of the conformance protocol, as SQL answers it.
 *
 * @param place its place among those that are answered together
 * @param numbers the precision, the sigmas, or the sizes of a layout
 * @param fields its byte strings; null is NULL
 */
record SqlRequest(int place, SqlQuestion question, List<Long> numbers, List<byte[]> fields) {
    /** The line is no request, or none that SQL has a function for. */
    static final class Unreadable extends Exception {
        Unreadable(String message) {
            super(message);
        }
    }

    static SqlRequest of(int place, String line) throws Unreadable {
        String[] words = line.split(" ", -1);
        SqlQuestion question = SqlQuestion.of(words[0]);
        int next = 1;
        List<Long> numbers = new ArrayList<>();
        while (numbers.size() < question.numbers()) {
            numbers.add(number(words, next++));
        }
        List<byte[]> fields = new ArrayList<>();
        for (; next < words.length; next++) {
            byte[] field = question.takesNulls() && words[next].equals("null") ? null : field(question, words, next);
            if (field != null && fields.size() >= question.firstArray() && field.length % Long.BYTES != 0) {
                throw new Unreadable(field.length + " bytes are not an array of integers");
            }
            fields.add(field);
        }
        if (!question.takes(fields.size())) {
            throw new Unreadable(words[0] + " of " + fields.size() + " byte strings");
        }
        return new SqlRequest(place, question.forText(fields.stream().allMatch(SqlRequest::isText)), numbers, fields);
    }

    /** The bytes of a field; of an integer its decimal text. */
    private static byte[] field(SqlQuestion question, String[] words, int place) throws Unreadable {
        return question.takesIntegers()
                ? Long.toString(number(words, place)).getBytes(StandardCharsets.US_ASCII)
                : bytes(words[place]);
    }

    private static long number(String[] words, int place) throws Unreadable {
        if (place == words.length) {
            throw new Unreadable("a number is missing");
        }
        try {
            return Long.parseLong(words[place]);
        } catch (NumberFormatException e) {
            throw new Unreadable(words[place] + " is not a number of 64 bits");
        }
    }

    private static byte[] bytes(String word) throws Unreadable {
        if (word.equals("-")) {
            return new byte[0];
        }
        try {
            if (!word.isEmpty()) {
                return HexFormat.of().parseHex(word);
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new Unreadable("a field is not bytes in hex");
    }

    private static boolean isText(byte[] field) {
        try {
            return field != null
                    && StandardCharsets.UTF_8
                                    .newDecoder()
                                    .decode(ByteBuffer.wrap(field))
                                    .length()
                            >= 0;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
