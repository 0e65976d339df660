// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.vectors;

import java.util.List;

/** One line of a vector file: a JSON object with its fields in order. */
final class Json {
    private final StringBuilder text = new StringBuilder("{");

    /** Adds a field: a String, a Number, a Boolean, a Json, a List of these, or null. */
    Json put(String name, Object value) {
        if (text.length() > 1) {
            text.append(',');
        }
        append(name);
        text.append(':');
        append(value);
        return this;
    }

    private void append(Object value) {
        if (value instanceof String || Double.valueOf(Double.NaN).equals(value)) { // JSON has no NaN
            string(value.toString());
        } else if (value instanceof List) {
            text.append('[');
            String separator = "";
            for (Object element : (List<?>) value) {
                text.append(separator);
                append(element);
                separator = ",";
            }
            text.append(']');
        } else {
            text.append(value);
        }
    }

    /** Everything but printable ASCII is escaped, so that lone surrogates survive. */
    private void string(String value) {
        text.append('"');
        for (char c : value.toCharArray()) {
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }

    @Override
    public String toString() {
        return text + "}";
    }
}
