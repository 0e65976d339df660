/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers a function does not take, sketches that do not go together, and what the contract forbids
 * altogether: a status, never a crash.
 */
#include "checks.h"

static const int64_t out_of_range[] = {3, 25, 0, -1, (int64_t)1 << 33, ((int64_t)1 << 33) + 12, INT64_MIN, INT64_MAX};

static uint8_t out[8192];
static int32_t slot, capacity = sizeof out, start, length = 1, end;
static const column id = {(const uint8_t *)"a", 1, &start, &length, 1};

static void invalid_precisions(const column *s) {
    for (size_t i = 0; i < sizeof out_of_range / sizeof out_of_range[0]; i++) {
        int64_t p = out_of_range[i], value = 1;
        hc_error e = {0};
        hc_progress at = {0};
        const struct {
            const char *name;
            int32_t status;
        } made[] = {
            {"hc_hll_create", hc_hll_create(COLUMN(&id), 1, p, out, sizeof out, &end, &at, &e)},
            {"hc_hll_create_int64", hc_hll_create_int64(&value, 1, p, out, sizeof out, &end, &at, &e)},
            {"hc_hll_empty", hc_hll_empty(p, out, sizeof out, &end, &at, &e)},
            {"hc_hll_reduce", hc_hll_reduce(COLUMN(s), 1, p, out, sizeof out, &end, &at, &e)},
            {"hc_hll_state_add",
             hc_hll_state_add(memset(out, 0, sizeof out), sizeof out, &slot, &capacity, COLUMN(&id), 1, p, 0, &at, &e)},
            {"hc_hll_state_add_int64", hc_hll_state_add_int64(memset(out, 0, sizeof out), sizeof out, &slot, &capacity,
                                                              &value, 1, p, 0, &at, &e)},
        };
        for (size_t f = 0; f < sizeof made / sizeof made[0]; f++) {
            CHECK(made[f].status == HC_PRECISION_RANGE, "%s: precision %lld: status %d", made[f].name, (long long)p,
                  made[f].status);
        }
        CHECK(e.code == HC_PRECISION_RANGE && e.message[0] != 0, "precision %lld: no error", (long long)p);
    }
    hc_error e = {0};
    hc_progress at = {0};
    int32_t status = hc_hll_reduce(COLUMN(s), 1, 13, out, sizeof out, &end, &at, &e);
    CHECK(status == HC_PRECISION_RANGE, "hc_hll_reduce to more than its own: status %d", status);
}

static void invalid_sigmas(const column *s) {
    static const int64_t sigmas[] = {0, 4, -1, INT64_MIN, INT64_MAX, ((int64_t)1 << 32) + 1};
    for (size_t i = 0; i < sizeof sigmas / sizeof sigmas[0]; i++) {
        double bounds[2];
        hc_error e = {0};
        int32_t status = hc_hll_bounds(COLUMN(s), 1, sigmas[i], bounds, &e);
        CHECK(status == HC_ARGUMENT && e.code == status && e.message[0] != 0, "sigmas %lld: status %d",
              (long long)sigmas[i], status);
    }
}

static void invalid_mixtures(const column *s) {
    static const uint8_t other[] = {3, 14, 5, 0, 1};
    int32_t size = sizeof other, both[] = {0, 0}, capacities[] = {sizeof out, sizeof out};
    column o = {other, size, &start, &size, 1};
    double doubles[3];
    hc_error e = {0};
    hc_progress at = {0};
    CHECK(hc_hll_union(COLUMN(s), COLUMN(&o), 1, out, sizeof out, &end, &at, &e) == HC_PRECISION_MISMATCH,
          "hc_hll_union of 12 with 14");
    CHECK(hc_hll_intersection(COLUMN(s), COLUMN(&o), 1, doubles, &e) == HC_PRECISION_MISMATCH,
          "hc_hll_intersection of 12 with 14");
    CHECK(hc_hll_jaccard(COLUMN(s), COLUMN(&o), 1, doubles, &e) == HC_PRECISION_MISMATCH,
          "hc_hll_jaccard of 12 with 14");

    static const uint8_t mixed[] = {3, 12, 5, 0, 1, 3, 14, 5, 0, 1};
    int32_t starts[] = {0, 5}, lengths[] = {5, 5};
    memset(out, 0, sizeof out);
    at = (hc_progress){0};
    int32_t status =
        hc_hll_state_merge(out, sizeof out, both, capacities, mixed, sizeof mixed, starts, lengths, 2, 0, &at, &e);
    CHECK(status == HC_PRECISION_MISMATCH && e.row == 1, "hc_hll_state_merge of 12 with 14: status %d, row %d", status,
          e.row);
    at = (hc_progress){0};
    status = hc_hll_state_add(out, sizeof out, both, capacities, COLUMN(&id), 1, 13, 0, &at, &e);
    CHECK(status == HC_PRECISION_MISMATCH, "hc_hll_state_add of 13 to 12: status %d", status);
}

/* What "must not be null" is: still no crash. */
static void survive_null(const column *s) {
    hc_error e = {0};
    int64_t value = 1;
    int32_t status[] = {
        hc_hll_create(COLUMN(&id), 1, 12, out, sizeof out, NULL, &(hc_progress){0}, &e),
        hc_hll_create_int64(NULL, 1, 12, out, sizeof out, &end, &(hc_progress){0}, &e),
        hc_hll_create_int64(&value, -1, 12, out, sizeof out, &end, &(hc_progress){0}, &e),
        hc_hll_create_int64(&value, 1, 12, out, sizeof out, NULL, &(hc_progress){0}, &e),
        hc_hll_create_int64(&value, 1, 12, out, 0, &end, NULL, &e),
        hc_hll_cardinality(COLUMN(s), 1, NULL, &e),
        hc_hll_estimate(COLUMN(s), 1, NULL, &e),
        hc_hll_state_merge(out, sizeof out, &slot, &capacity, COLUMN(s), 1, 0, NULL, &e),
        hc_hll_state_add_int64(out, sizeof out, NULL, NULL, &value, 1, 12, 0, &(hc_progress){0}, &e),
        hc_hll_state_add_int64(out, sizeof out, &slot, &capacity, NULL, 1, 12, 0, &(hc_progress){0}, &e),
        hc_hll_state_encode(out, sizeof out, &slot, &capacity, 1, 0, out, sizeof out, &end, NULL, &e),
        hc_hll_union(COLUMN(s), COLUMN(s), 1, NULL, 0, &end, NULL, NULL),
    };
    for (size_t i = 0; i < sizeof status / sizeof status[0]; i++) {
        CHECK(status[i] == HC_ARGUMENT || status[i] == HC_INTERNAL, "null argument %zu: status %d", i, status[i]);
    }
    CHECK(hc_hll_check(COLUMN(s), 1, &e) == HC_OK, "the library works no more after null arguments");
}

static void cut_description(void) {
    int32_t whole = hc_describe(NULL, 0);
    CHECK(whole > 0, "hc_describe without room: %d", whole);
    for (int32_t room = -1; room <= whole + 2; room++) {
        uint8_t *text = fence((size_t)(room < 0 ? 0 : room));
        CHECK(hc_describe((char *)text, room) == whole, "hc_describe in %d bytes: another length", room);
        if (room > 0) {
            int32_t want = room - 1 < whole ? room - 1 : whole;
            CHECK(memchr(text, 0, (size_t)room) == text + want, "hc_describe in %d bytes: not cut there", room);
        }
        unfence(text, (size_t)(room < 0 ? 0 : room));
    }
}

int main(void) {
    int32_t size;
    uint8_t *sketch = sketch_of(12, 0, 1000, &size);
    column s = {sketch, size, &start, &size, 1};
    invalid_precisions(&s);
    invalid_sigmas(&s);
    invalid_mixtures(&s);
    survive_null(&s);
    cut_description();
    return ended("invalid_values");
}
