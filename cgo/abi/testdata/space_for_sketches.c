/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sketches are written into the room there is and not a byte further: too little is HC_NEED_SPACE with what is
 * enough, and with exactly that the call succeeds and gives the same bytes.
 */
#include "checks.h"

enum { SAMPLES = 3 };

/* What every function of this kind writes from: sketches of one precision, one after the other. */
typedef struct samples {
    int64_t precision;
    column rows;
    group groups[SAMPLES];
} samples;

typedef int32_t make(samples *s, uint8_t *out, int64_t capacity, int32_t *ends, hc_progress *at, hc_error *e);

static int32_t make_create(samples *s, uint8_t *out, int64_t capacity, int32_t *ends, hc_progress *at, hc_error *e) {
    return hc_hll_create(COLUMN(&s->rows), SAMPLES, s->precision, out, capacity, ends, at, e);
}
static int32_t make_union(samples *s, uint8_t *out, int64_t capacity, int32_t *ends, hc_progress *at, hc_error *e) {
    return hc_hll_union(COLUMN(&s->rows), COLUMN(&s->rows), SAMPLES, out, capacity, ends, at, e);
}
static int32_t make_reduce(samples *s, uint8_t *out, int64_t capacity, int32_t *ends, hc_progress *at, hc_error *e) {
    return hc_hll_reduce(COLUMN(&s->rows), SAMPLES, s->precision, out, capacity, ends, at, e);
}
static int32_t make_empty(samples *s, uint8_t *out, int64_t capacity, int32_t *ends, hc_progress *at, hc_error *e) {
    int32_t status = hc_hll_empty(s->precision, out, capacity, ends, at, e);
    for (int i = 1; i < SAMPLES; i++) {
        ends[i] = ends[0];
    }
    return status;
}
/* The slots lie one after the other in a copy of the groups, each at a multiple of 8. */
static int32_t make_encode(samples *s, uint8_t *out, int64_t capacity, int32_t *ends, hc_progress *at, hc_error *e) {
    int32_t slots[SAMPLES], capacities[SAMPLES], size = 0;
    for (int i = 0; i < SAMPLES; i++) {
        slots[i] = size;
        capacities[i] = s->groups[i].capacity;
        size += (capacities[i] + 7) / 8 * 8;
    }
    uint8_t *state = calloc(1, (size_t)size);
    for (int i = 0; i < SAMPLES; i++) {
        memcpy(state + slots[i], s->groups[i].slot, (size_t)capacities[i]);
    }
    int32_t status =
        hc_hll_state_encode(state, size, slots, capacities, SAMPLES, HC_ALLOW_LONG, out, capacity, ends, at, e);
    free(state);
    return status;
}

static const struct {
    const char *name;
    make *make;
} makers[] = {
    {"hc_hll_create", make_create}, {"hc_hll_union", make_union},         {"hc_hll_reduce", make_reduce},
    {"hc_hll_empty", make_empty},   {"hc_hll_state_encode", make_encode},
};

/* One call with this much space and *at unchanged. The result has to equal that of a call with enough space. */
static int32_t try_room(const char *name, make *make, samples *s, int64_t capacity, const uint8_t *want,
                        const int32_t *want_ends, hc_progress *at) {
    uint8_t *out = fence((size_t)capacity);
    int32_t ends[SAMPLES] = {0}, size = want_ends[SAMPLES - 1];
    hc_error e = {0};
    int32_t status = make(s, out, capacity, ends, at, &e);
    if (status == HC_OK) {
        CHECK(memcmp(ends, want_ends, sizeof ends) == 0, "%s, precision %d, %d bytes: other ends", name,
              (int)s->precision, (int)capacity);
        CHECK(memcmp(out, want, (size_t)size) == 0, "%s, precision %d, %d bytes: other bytes", name, (int)s->precision,
              (int)capacity);
    } else {
        CHECK(status == HC_NEED_SPACE, "%s, precision %d, %d bytes: status %d", name, (int)s->precision, (int)capacity,
              status);
        CHECK(at->need > capacity, "%s: %d bytes are not enough, but %d are needed", name, (int)capacity,
              (int)at->need);
    }
    unfence(out, (size_t)capacity);
    return status;
}

static void check_maker(const char *name, make *make, samples *s) {
    enum { PLENTY = 1 << 20 };
    uint8_t *want = malloc(PLENTY);
    int32_t ends[SAMPLES];
    hc_progress at = {0};
    hc_error e = {0};
    int32_t status = make(s, want, PLENTY, ends, &at, &e);
    CHECK(status == HC_OK, "%s, precision %d: status %d: %s", name, (int)s->precision, status, e.message);
    int64_t size = ends[SAMPLES - 1];
    const int64_t tried[] = {0, 1, 2, size / 3, size / 2, size - 1};
    for (size_t i = 0; i < sizeof tried / sizeof tried[0] && status == HC_OK; i++) {
        int64_t capacity = tried[i];
        at = (hc_progress){0};
        int32_t short_of = try_room(name, make, s, capacity, want, ends, &at);
        CHECK(short_of == HC_NEED_SPACE || capacity >= size, "%s: %d bytes in %d", name, (int)size, (int)capacity);
        for (int more = 0; short_of == HC_NEED_SPACE; more++) {
            CHECK(more == 0, "%s: the bytes it needed are not enough", name);
            short_of = more < 9 ? try_room(name, make, s, at.need, want, ends, &at) : HC_OK;
        }
    }
    free(want);
}

/* Sketches of an empty, a small and a full set, side by side and as groups. */
static samples make_samples(int64_t precision) {
    static uint8_t bytes[1 << 20];
    static int32_t starts[SAMPLES], lengths[SAMPLES];
    const int32_t counts[SAMPLES] = {1, 9, 4 << precision};
    samples s = {precision, {bytes, 0, starts, lengths, SAMPLES}, {{0}}};
    for (int i = 0; i < SAMPLES; i++) {
        uint8_t *sketch = sketch_of(precision, 100 * i, counts[i], &lengths[i]);
        starts[i] = (int32_t)s.rows.size;
        memcpy(bytes + s.rows.size, sketch, (size_t)lengths[i]);
        s.rows.size += lengths[i];
        unfence(sketch, (size_t)lengths[i]);
    }
    for (int i = 0; i < SAMPLES; i++) {
        hc_error e = {0};
        int32_t status = take_in(&s.groups[i], &(input){.kind = SKETCHES, .bytes = one_row(&s.rows, i), .rows = 1}, &e);
        CHECK(status == HC_OK, "precision %d, group %d: %s", (int)precision, i, e.message);
    }
    return s;
}

int main(void) {
    static const int64_t precisions[] = {4, 5, 8, 9, 12, 14, 16};
    for (size_t p = 0; p < sizeof precisions / sizeof precisions[0]; p++) {
        samples s = make_samples(precisions[p]);
        for (size_t f = 0; f < sizeof makers / sizeof makers[0]; f++) {
            check_maker(makers[f].name, makers[f].make, &s);
        }
        for (int i = 0; i < SAMPLES; i++) {
            free_group(&s.groups[i]);
        }
    }
    return ended("space_for_sketches");
}
