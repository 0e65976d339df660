/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aggregate.h: one group's aggregation, as an engine runs it over hc_hll_state_merge, hc_hll_state_add,
 * hc_hll_state_add_int64 and hc_hll_state_encode, or over hc_hist_state_aggregate, hc_hist_state_sum and
 * hc_hist_state_encode.
 */
#ifndef DRIVER_AGGREGATE_H
#define DRIVER_AGGREGATE_H

#include <stdbool.h>
#include <stdint.h>

#include "columns.h"

/* A group's state: one slot. All zero: no input yet. An engine keeps many slots in one array. */
typedef struct group {
    uint8_t *slot;
    int32_t capacity;
    bool arrays; /* a sum of arrays, not a sketch */
} group;

/* What is taken into a group: rows of one kind. */
typedef struct input {
    enum { SKETCHES, IDS, INTEGERS, HISTOGRAMS, ARRAYS } kind;
    column bytes;          /* all but INTEGERS */
    const int64_t *values; /* INTEGERS */
    int32_t rows;
    int64_t precision; /* IDS, INTEGERS */
} input;

/* Takes every row in. Returns HC_OK, or an error; then the group is good for nothing but free_group. */
int32_t take_in(group *g, const input *in, hc_error *error);

/* Writes the group's sketch, or its array, to out; *end is its length, 0 if the group has had no input. */
int32_t encode_group(group *g, output *out, int32_t *end, hc_error *error);

void free_group(group *g);

#endif
