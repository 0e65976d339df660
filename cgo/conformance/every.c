/* SPDX-License-Identifier: Apache-2.0 */
#include "every.h"

#include <stdio.h>
#include <string.h>

#include "columns.h"

enum { PRECISION = 12, SLOT = 8192, ROOM = 8192 };

static bool told(const char *name, int32_t status) {
    printf("%s %d\n", name, (int)status);
    return status == HC_OK;
}

#define TOLD(call, ...) told(#call, call(__VA_ARGS__))

/* One id goes from create to a merged state and back; every other function reads its sketch. */
bool call_every(void) {
    static uint64_t slot[SLOT / sizeof(uint64_t)];
    static uint8_t sketch[ROOM], out[ROOM];
    uint8_t *state = (uint8_t *)slot;
    const int64_t value = 42;
    int32_t start = 0, length = 1, at = 0, capacity = SLOT, end;
    int64_t integer;
    double doubles[3];
    hc_progress progress = {0};
    hc_error error;
    column id = {(const uint8_t *)"a", 1, &start, &length, 1};

    bool fine = told("hc_abi_version", hc_abi_version() == HC_ABI_VERSION ? HC_OK : HC_ARGUMENT);
    fine &= told("hc_describe", hc_describe((char *)out, ROOM) > 0 ? HC_OK : HC_ARGUMENT);

    fine &= TOLD(hc_hll_create, COLUMN(&id), 1, PRECISION, sketch, ROOM, &end, &progress, &error);
    int32_t sketch_end = end;
    const int64_t number = 7;
    fine &= TOLD(hc_hll_create_int64, &number, 1, PRECISION, out, ROOM, &end, &progress, &error);
    column s = {sketch, sketch_end, &start, &sketch_end, 1};

    fine &= TOLD(hc_hll_check, COLUMN(&s), 1, &error);
    fine &= TOLD(hc_hll_precision, COLUMN(&s), 1, &integer, &error);
    fine &= TOLD(hc_hll_cardinality, COLUMN(&s), 1, &integer, &error);
    fine &= TOLD(hc_hll_compatible_estimate, COLUMN(&s), 1, doubles, &error);
    fine &= TOLD(hc_hll_estimate, COLUMN(&s), 1, doubles, &error);
    fine &= TOLD(hc_hll_bounds, COLUMN(&s), 1, 2, doubles, &error);
    fine &= TOLD(hc_hll_intersection, COLUMN(&s), COLUMN(&s), 1, doubles, &error);
    fine &= TOLD(hc_hll_jaccard, COLUMN(&s), COLUMN(&s), 1, doubles, &error);

    progress = (hc_progress){0};
    fine &= TOLD(hc_hll_empty, PRECISION, out, ROOM, &end, &progress, &error);
    progress = (hc_progress){0};
    fine &= TOLD(hc_hll_union, COLUMN(&s), COLUMN(&s), 1, out, ROOM, &end, &progress, &error);
    progress = (hc_progress){0};
    fine &= TOLD(hc_hll_reduce, COLUMN(&s), 1, PRECISION - 1, out, ROOM, &end, &progress, &error);

    progress = (hc_progress){0};
    fine &= TOLD(hc_hll_state_merge, state, SLOT, &at, &capacity, COLUMN(&s), 1, 0, &progress, &error);
    progress = (hc_progress){0};
    fine &= TOLD(hc_hll_state_add, state, SLOT, &at, &capacity, COLUMN(&id), 1, PRECISION, 0, &progress, &error);
    progress = (hc_progress){0};
    fine &= TOLD(hc_hll_state_add_int64, state, SLOT, &at, &capacity, &value, 1, PRECISION, 0, &progress, &error);
    progress = (hc_progress){0};
    fine &= TOLD(hc_hll_state_encode, state, SLOT, &at, &capacity, 1, 0, out, ROOM, &end, &progress, &error);

    const int64_t histogram[3] = {1, 2, 3}, sizes[3] = {1, 100, 6};
    const double percent = 50;
    int32_t histogram_end = sizeof histogram, kind_end = sizeof "linear" - 1;
    column h = {(const uint8_t *)histogram, histogram_end, &start, &histogram_end, 1};
    column kind = {(const uint8_t *)"linear", kind_end, &start, &kind_end, 1};
    fine &= TOLD(hc_hist_mean, COLUMN(&h), COLUMN(&h), 1, doubles, &error);
    fine &= TOLD(hc_hist_percentile, COLUMN(&h), COLUMN(&h), 1, &percent, doubles, &error);
    progress = (hc_progress){0};
    fine &= TOLD(hc_hist_buckets, COLUMN(&kind), 1, sizes, out, ROOM, &end, &progress, &error);
    memset(slot, 0, sizeof slot);
    progress = (hc_progress){0};
    fine &= TOLD(hc_hist_state_aggregate, state, SLOT, &at, &capacity, COLUMN(&h), 1, 0, &progress, &error);
    progress = (hc_progress){0};
    fine &= TOLD(hc_hist_state_sum, state, SLOT, &at, &capacity, COLUMN(&h), 1, 0, &progress, &error);
    progress = (hc_progress){0};
    fine &= TOLD(hc_hist_state_encode, state, SLOT, &at, &capacity, 1, 0, out, ROOM, &end, &progress, &error);
    return fine;
}
