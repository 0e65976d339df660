// SPDX-License-Identifier: Apache-2.0
package io.github.headcounthll.core.state;

import io.github.headcounthll.core.api.Column;

/** The rows of one call: byte strings, or the first {@code rows} of integers. */
record QueuedRows(Column strings, long[] integers, int rows) {
    static QueuedRows of(Column strings) {
        return new QueuedRows(strings, null, strings.rows());
    }

    static QueuedRows of(long[] integers, int rows) {
        return new QueuedRows(null, integers, rows);
    }
}
