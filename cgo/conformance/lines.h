/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lines.h: the lines of a file descriptor, of any length up to LINE_LIMIT.
 */
#ifndef DRIVER_LINES_H
#define DRIVER_LINES_H

#include <stdbool.h>
#include <stddef.h>

/* A longer line is not kept. Offsets into a line fit an int32_t, as the columns of headcount.h want. */
#define LINE_LIMIT ((size_t)1 << 30)

enum line_kind { LINE, LINE_TOO_LONG, LINES_END };

typedef struct lines {
    int descriptor;
    char *bytes; /* read and not yet taken: bytes[start, end) */
    size_t start, end, capacity;
} lines;

/* Takes the next line. On LINE, *line is its first byte and *length its length without the newline; it
 * may be written to, and stays until the next call. */
enum line_kind next_line(lines *in, char **line, size_t *length);

void free_lines(lines *in);

#endif
