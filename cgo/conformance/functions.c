/* SPDX-License-Identifier: Apache-2.0 */
#include "functions.h"

#include <math.h>
#include <string.h>

#include "aggregate.h"

/* ---- Sketches out ---- */

static int32_t create(const request *q, reply *r) {
    int32_t status;
    r->kind = SKETCH;
    do {
        status = hc_hll_create(COLUMN(&q->bytes), 1, q->number, r->sketch.bytes, r->sketch.capacity, &r->length,
                               &r->sketch.progress, &r->error);
    } while (grow_output(status, &r->sketch));
    return status;
}

static int32_t create_int64(const request *q, reply *r) {
    int32_t status;
    r->kind = SKETCH;
    do {
        status = hc_hll_create_int64(&q->id, 1, q->number, r->sketch.bytes, r->sketch.capacity, &r->length,
                                     &r->sketch.progress, &r->error);
    } while (grow_output(status, &r->sketch));
    return status;
}

static int32_t empty(const request *q, reply *r) {
    int32_t status;
    r->kind = SKETCH;
    do {
        status =
            hc_hll_empty(q->number, r->sketch.bytes, r->sketch.capacity, &r->length, &r->sketch.progress, &r->error);
    } while (grow_output(status, &r->sketch));
    return status;
}

static int32_t unite(const request *q, reply *r) {
    column a = one_row(&q->bytes, 0), b = one_row(&q->bytes, 1);
    int32_t status;
    r->kind = SKETCH;
    do {
        status = hc_hll_union(COLUMN(&a), COLUMN(&b), 1, r->sketch.bytes, r->sketch.capacity, &r->length,
                              &r->sketch.progress, &r->error);
    } while (grow_output(status, &r->sketch));
    return status;
}

static int32_t reduce(const request *q, reply *r) {
    int32_t status;
    r->kind = SKETCH;
    do {
        status = hc_hll_reduce(COLUMN(&q->bytes), 1, q->number, r->sketch.bytes, r->sketch.capacity, &r->length,
                               &r->sketch.progress, &r->error);
    } while (grow_output(status, &r->sketch));
    return status;
}

/* ---- Aggregates ---- */

static int32_t aggregate(const input *in, reply *r) {
    group g = {0};
    int32_t status = take_in(&g, in, &r->error);
    if (status == HC_OK) {
        status = encode_group(&g, &r->sketch, &r->length, &r->error);
    }
    free_group(&g);
    r->kind = r->length == 0 ? NULL_SKETCH : SKETCH;
    return status;
}

static int32_t merge(const request *q, reply *r) {
    return aggregate(&(input){.kind = SKETCHES, .bytes = q->bytes, .rows = q->bytes.rows}, r);
}

/* A set is never null: of no ids it is the empty sketch. */
static int32_t build(const request *q, reply *r) {
    if (q->bytes.rows == 0) {
        return empty(q, r);
    }
    return aggregate(&(input){.kind = IDS, .bytes = q->bytes, .rows = q->bytes.rows, .precision = q->number}, r);
}

static int32_t histogram_aggregate(const request *q, reply *r) {
    return aggregate(&(input){.kind = HISTOGRAMS, .bytes = q->bytes, .rows = q->bytes.rows}, r);
}

static int32_t histogram_sum(const request *q, reply *r) {
    return aggregate(&(input){.kind = ARRAYS, .bytes = q->bytes, .rows = q->bytes.rows}, r);
}

/* ---- Histograms ---- */

/* A double is NaN for NULL. */
static void null_for_nan(reply *r) {
    r->kind = isnan(r->doubles[0]) ? NULL_SKETCH : DOUBLES;
    r->count = 1;
}

static int32_t histogram_mean(const request *q, reply *r) {
    column a = one_row(&q->bytes, 0), b = one_row(&q->bytes, 1);
    int32_t status = hc_hist_mean(COLUMN(&a), COLUMN(&b), 1, r->doubles, &r->error);
    null_for_nan(r);
    return status;
}

/* The first row has the bytes of the percentage, the most significant first. */
static int32_t histogram_percentile(const request *q, reply *r) {
    column a = one_row(&q->bytes, 1), b = one_row(&q->bytes, 2);
    uint64_t bits = 0;
    for (int i = 0; i < 8 && i < q->bytes.lengths[0]; i++) {
        bits = bits << 8 | q->bytes.data[q->bytes.starts[0] + i];
    }
    double percent;
    memcpy(&percent, &bits, sizeof percent);
    int32_t status = hc_hist_percentile(COLUMN(&a), COLUMN(&b), 1, &percent, r->doubles, &r->error);
    null_for_nan(r);
    return status;
}

static int32_t histogram_buckets(const request *q, reply *r) {
    const int64_t sizes[3] = {q->more[1], q->more[0], q->number};
    int32_t status;
    r->kind = SKETCH;
    do {
        status = hc_hist_buckets(COLUMN(&q->bytes), 1, sizes, r->sketch.bytes, r->sketch.capacity, &r->length,
                                 &r->sketch.progress, &r->error);
    } while (grow_output(status, &r->sketch));
    return status;
}

/* ---- Values out ---- */

static int32_t check(const request *q, reply *r) {
    return hc_hll_check(COLUMN(&q->bytes), 1, &r->error);
}

static int32_t precision(const request *q, reply *r) {
    r->kind = INTEGER;
    return hc_hll_precision(COLUMN(&q->bytes), 1, &r->integer, &r->error);
}

static int32_t cardinality(const request *q, reply *r) {
    r->kind = INTEGER;
    return hc_hll_cardinality(COLUMN(&q->bytes), 1, &r->integer, &r->error);
}

static int32_t estimate(const request *q, reply *r) {
    r->kind = DOUBLES;
    r->count = 1;
    return hc_hll_compatible_estimate(COLUMN(&q->bytes), 1, r->doubles, &r->error);
}

static int32_t improved(const request *q, reply *r) {
    r->kind = DOUBLES;
    r->count = 1;
    return hc_hll_estimate(COLUMN(&q->bytes), 1, r->doubles, &r->error);
}

static int32_t bounds(const request *q, reply *r) {
    r->kind = DOUBLES;
    r->count = 2;
    return hc_hll_bounds(COLUMN(&q->bytes), 1, q->number, r->doubles, &r->error);
}

static int32_t intersect(const request *q, reply *r) {
    column a = one_row(&q->bytes, 0), b = one_row(&q->bytes, 1);
    r->kind = DOUBLES;
    r->count = 3;
    return hc_hll_intersection(COLUMN(&a), COLUMN(&b), 1, r->doubles, &r->error);
}

static int32_t jaccard(const request *q, reply *r) {
    column a = one_row(&q->bytes, 0), b = one_row(&q->bytes, 1);
    r->kind = DOUBLES;
    r->count = 1;
    return hc_hll_jaccard(COLUMN(&a), COLUMN(&b), 1, r->doubles, &r->error);
}

/* ---- The table ---- */

static const function functions[] = {
    {"create", PRECISION, 1, 1, false, create},
    {"create_int64", PRECISION_AND_ID, 0, 0, false, create_int64},
    {"build", PRECISION, 0, INT32_MAX, false, build},
    {"check", NO_NUMBER, 1, 1, false, check},
    {"precision", NO_NUMBER, 1, 1, false, precision},
    {"cardinality", NO_NUMBER, 1, 1, false, cardinality},
    {"estimate", NO_NUMBER, 1, 1, false, estimate},
    {"union", NO_NUMBER, 2, 2, false, unite},
    {"merge", NO_NUMBER, 0, INT32_MAX, true, merge},
    {"reduce", PRECISION, 1, 1, false, reduce},
    {"empty", PRECISION, 0, 0, false, empty},
    {"improved", NO_NUMBER, 1, 1, false, improved},
    {"bounds", SIGMAS, 1, 1, false, bounds},
    {"intersect", NO_NUMBER, 2, 2, false, intersect},
    {"jaccard", NO_NUMBER, 2, 2, false, jaccard},
    {"histogram_aggregate", NO_NUMBER, 0, INT32_MAX, true, histogram_aggregate},
    {"histogram_sum", NO_NUMBER, 0, INT32_MAX, true, histogram_sum},
    {"histogram_mean", NO_NUMBER, 2, 2, false, histogram_mean},
    {"histogram_percentile", NO_NUMBER, 3, 3, false, histogram_percentile},
    {"histogram_buckets", SIZES, 1, 1, false, histogram_buckets},
};

const function *find_function(const char *name, size_t length) {
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        if (strlen(functions[i].name) == length && memcmp(functions[i].name, name, length) == 0) {
            return &functions[i];
        }
    }
    return NULL;
}
