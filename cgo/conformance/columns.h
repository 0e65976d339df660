/* SPDX-License-Identifier: Apache-2.0 */
/*
 * columns.h: what the functions of headcount.h take and give, as this program holds it.
 */
#ifndef DRIVER_COLUMNS_H
#define DRIVER_COLUMNS_H

#include <stdbool.h>
#include <stdint.h>

#include "headcount.h"

/* A column of byte strings: row i is the lengths[i] bytes at data + starts[i]. */
typedef struct column {
    const uint8_t *data;
    int64_t size;
    int32_t *starts;
    int32_t *lengths;
    int32_t rows;
} column;

/* The first four arguments of every function that takes a column. */
#define COLUMN(c) (c)->data, (c)->size, (c)->starts, (c)->lengths

/* Row i alone. */
column one_row(const column *c, int32_t i);

/* Room for the sketches that a function writes. All zero: none yet. */
typedef struct output {
    uint8_t *bytes;
    int64_t capacity;
    hc_progress progress;
} output;

/* An output with a little room, so that small sketches need no second call. */
output new_output(void);

void free_output(output *out);

/* Is the call that gave this status to be made again? Then *out has the room it asked for. */
bool grow_output(int32_t status, output *out);

#endif
