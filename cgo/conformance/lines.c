/* SPDX-License-Identifier: Apache-2.0 */
#include "lines.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"

enum { FIRST_CAPACITY = 1 << 16 };

/* Makes space after in->end: first by moving the kept bytes to the front, then by growing. */
static void make_room(lines *in) {
    if (in->start > 0) {
        memmove(in->bytes, in->bytes + in->start, in->end - in->start);
        in->end -= in->start;
        in->start = 0;
    }
    if (in->end == in->capacity) {
        in->capacity = in->capacity == 0 ? FIRST_CAPACITY : in->capacity * 2;
        in->bytes = resize(in->bytes, in->capacity, 1);
    }
}

/* Reads what there is, at least one byte; false at the end. */
static bool fill(lines *in) {
    if (in->end == in->capacity) {
        make_room(in);
    }
    ssize_t count;
    do {
        count = read(in->descriptor, in->bytes + in->end, in->capacity - in->end);
    } while (count < 0 && errno == EINTR);
    if (count < 0) {
        perror("read");
        exit(EXIT_FAILURE);
    }
    in->end += (size_t)count;
    return count > 0;
}

enum line_kind next_line(lines *in, char **line, size_t *length) {
    bool too_long = false;
    size_t seen = 0; /* bytes from in->start on that hold no newline */
    for (;;) {
        size_t waiting = in->end - in->start;
        char *newline = waiting == seen ? NULL : memchr(in->bytes + in->start + seen, '\n', waiting - seen);
        bool ended = newline == NULL && !fill(in);
        if (ended && waiting == 0) {
            return too_long ? LINE_TOO_LONG : LINES_END;
        }
        if (newline != NULL || ended) {
            *line = in->bytes + in->start;
            *length = newline == NULL ? waiting : (size_t)(newline - *line);
            in->start += *length + (newline == NULL ? 0 : 1);
            return too_long || *length > LINE_LIMIT ? LINE_TOO_LONG : LINE;
        }
        seen = waiting;
        if (seen > LINE_LIMIT) { /* forget it up to its newline */
            too_long = true;
            in->start += seen;
            seen = 0;
        }
    }
}

void free_lines(lines *in) {
    free(in->bytes);
    *in = (lines){.descriptor = in->descriptor};
}
