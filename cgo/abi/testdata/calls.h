/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calls.h: every function that takes a column, as a function of that column alone; the other arguments are
 * right. So what is wrong with a column, or with its bytes, can be tried on all of them.
 */
#ifndef CALLS_H
#define CALLS_H

#include "checks.h"

enum { CALL_PRECISION = 12, CALL_ROOM = 1 << 18, CALL_ROWS = 16 };

static int64_t call_integers[CALL_ROWS];
static double call_doubles[3 * CALL_ROWS];
static int32_t call_ends[CALL_ROWS];
static uint8_t *call_room; /* CALL_ROOM bytes */

/* A column as right as c ought to be: as many rows, all of one good sketch. */
static column good_column(const column *c) {
    static int32_t starts[CALL_ROWS], lengths[CALL_ROWS];
    static const uint8_t empty[] = {3, CALL_PRECISION};
    for (int i = 0; i < CALL_ROWS; i++) {
        lengths[i] = sizeof empty;
    }
    return (column){empty, sizeof empty, starts, lengths, c->rows};
}

static int32_t call_check(const column *c, hc_error *e) {
    return hc_hll_check(COLUMN(c), c->rows, e);
}
static int32_t call_precision(const column *c, hc_error *e) {
    return hc_hll_precision(COLUMN(c), c->rows, call_integers, e);
}
static int32_t call_cardinality(const column *c, hc_error *e) {
    return hc_hll_cardinality(COLUMN(c), c->rows, call_integers, e);
}
static int32_t call_compatible_estimate(const column *c, hc_error *e) {
    return hc_hll_compatible_estimate(COLUMN(c), c->rows, call_doubles, e);
}
static int32_t call_estimate(const column *c, hc_error *e) {
    return hc_hll_estimate(COLUMN(c), c->rows, call_doubles, e);
}
static int32_t call_bounds(const column *c, hc_error *e) {
    return hc_hll_bounds(COLUMN(c), c->rows, 2, call_doubles, e);
}
static int32_t call_intersection_a(const column *c, hc_error *e) {
    column good = good_column(c);
    return hc_hll_intersection(COLUMN(c), COLUMN(&good), c->rows, call_doubles, e);
}
static int32_t call_intersection_b(const column *c, hc_error *e) {
    column good = good_column(c);
    return hc_hll_intersection(COLUMN(&good), COLUMN(c), c->rows, call_doubles, e);
}
static int32_t call_jaccard_a(const column *c, hc_error *e) {
    column good = good_column(c);
    return hc_hll_jaccard(COLUMN(c), COLUMN(&good), c->rows, call_doubles, e);
}
static int32_t call_jaccard_b(const column *c, hc_error *e) {
    column good = good_column(c);
    return hc_hll_jaccard(COLUMN(&good), COLUMN(c), c->rows, call_doubles, e);
}
static int32_t call_create(const column *c, hc_error *e) {
    hc_progress progress = {0};
    return hc_hll_create(COLUMN(c), c->rows, CALL_PRECISION, call_room, CALL_ROOM, call_ends, &progress, e);
}
static int32_t call_union_a(const column *c, hc_error *e) {
    column good = good_column(c);
    hc_progress progress = {0};
    return hc_hll_union(COLUMN(c), COLUMN(&good), c->rows, call_room, CALL_ROOM, call_ends, &progress, e);
}
static int32_t call_union_b(const column *c, hc_error *e) {
    column good = good_column(c);
    hc_progress progress = {0};
    return hc_hll_union(COLUMN(&good), COLUMN(c), c->rows, call_room, CALL_ROOM, call_ends, &progress, e);
}
static int32_t call_reduce(const column *c, hc_error *e) {
    hc_progress progress = {0};
    return hc_hll_reduce(COLUMN(c), c->rows, CALL_PRECISION, call_room, CALL_ROOM, call_ends, &progress, e);
}

/* A state of one slot that is large enough from the start. */
static int32_t call_state(const column *c, hc_error *e, int merge) {
    static int32_t slots[CALL_ROWS], capacities[CALL_ROWS];
    for (int i = 0; i < CALL_ROWS; i++) {
        capacities[i] = CALL_ROOM;
    }
    memset(call_room, 0, CALL_ROOM);
    hc_progress progress = {0};
    return merge ? hc_hll_state_merge(call_room, CALL_ROOM, slots, capacities, COLUMN(c), c->rows, HC_ALLOW_LONG,
                                      &progress, e)
                 : hc_hll_state_add(call_room, CALL_ROOM, slots, capacities, COLUMN(c), c->rows, CALL_PRECISION,
                                    HC_ALLOW_LONG, &progress, e);
}
static int32_t call_state_merge(const column *c, hc_error *e) {
    return call_state(c, e, 1);
}
static int32_t call_state_add(const column *c, hc_error *e) {
    return call_state(c, e, 0);
}

static const struct {
    const char *name;
    int32_t (*call)(const column *, hc_error *);
    int sketches; /* are the column's rows sketches, or ids? */
} calls[] = {
    {"hc_hll_check", call_check, 1},
    {"hc_hll_precision", call_precision, 1},
    {"hc_hll_cardinality", call_cardinality, 1},
    {"hc_hll_compatible_estimate", call_compatible_estimate, 1},
    {"hc_hll_estimate", call_estimate, 1},
    {"hc_hll_bounds", call_bounds, 1},
    {"hc_hll_intersection, first", call_intersection_a, 1},
    {"hc_hll_intersection, second", call_intersection_b, 1},
    {"hc_hll_jaccard, first", call_jaccard_a, 1},
    {"hc_hll_jaccard, second", call_jaccard_b, 1},
    {"hc_hll_create", call_create, 0},
    {"hc_hll_union, first", call_union_a, 1},
    {"hc_hll_union, second", call_union_b, 1},
    {"hc_hll_reduce", call_reduce, 1},
    {"hc_hll_state_merge", call_state_merge, 1},
    {"hc_hll_state_add", call_state_add, 0},
};

enum { CALLS = sizeof calls / sizeof calls[0] };

#endif
