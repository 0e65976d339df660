/* SPDX-License-Identifier: Apache-2.0 */
#include "aggregate.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

/* HC_NEED_SPACE: the slot moves to larger memory; its new bytes are zero. */
static void grow_slot(group *g, int64_t need) {
    g->slot = resize(g->slot, (size_t)need, 1);
    memset(g->slot + g->capacity, 0, (size_t)(need - g->capacity));
    g->capacity = (int32_t)need;
}

/* One call, of the function for this kind of rows. */
static int32_t call(const group *g, const input *in, const int32_t *slots, int32_t *capacities, int32_t flags,
                    hc_progress *progress, hc_error *error) {
    switch (in->kind) {
    case SKETCHES:
        return hc_hll_state_merge(g->slot, g->capacity, slots, capacities, COLUMN(&in->bytes), in->rows, flags,
                                  progress, error);
    case IDS:
        return hc_hll_state_add(g->slot, g->capacity, slots, capacities, COLUMN(&in->bytes), in->rows, in->precision,
                                flags, progress, error);
    case HISTOGRAMS:
        return hc_hist_state_aggregate(g->slot, g->capacity, slots, capacities, COLUMN(&in->bytes), in->rows, flags,
                                       progress, error);
    case ARRAYS:
        return hc_hist_state_sum(g->slot, g->capacity, slots, capacities, COLUMN(&in->bytes), in->rows, flags, progress,
                                 error);
    default:
        return hc_hll_state_add_int64(g->slot, g->capacity, slots, capacities, in->values, in->rows, in->precision,
                                      flags, progress, error);
    }
}

/*
 * The loop every caller of a state function has. *progress goes from call to call untouched: it is how the
 * library, which keeps nothing, finds its place again.
 */
static int32_t run(group *g, const input *in, int32_t *slots, int32_t *capacities, hc_error *error) {
    hc_progress progress = {0};
    int32_t flags = 0;
    for (;;) {
        int32_t status = call(g, in, slots, capacities, flags, &progress, error);
        switch (status) {
        case HC_NEED_SPACE: /* with many groups, only the rows that name the slot of row progress.row are put right */
            grow_slot(g, progress.need);
            for (int32_t i = progress.row; i < in->rows; i++) {
                capacities[i] = g->capacity;
            }
            break;
        case HC_AGAIN: /* here an engine unblocks what the call blocked, above all its garbage collector */
            flags = 0;
            break;
        case HC_WOULD_BLOCK: /* an engine makes this one call where it blocks no other thread */
            flags = HC_ALLOW_LONG;
            break;
        default:
            return status;
        }
    }
}

int32_t take_in(group *g, const input *in, hc_error *error) {
    if (in->rows == 0) {
        return HC_OK;
    }
    g->arrays = in->kind == HISTOGRAMS || in->kind == ARRAYS;
    /* Every row goes to the one group, whose slot is all of its array. */
    size_t rows = (size_t)in->rows;
    int32_t *slots = resize(NULL, rows, sizeof *slots);
    int32_t *capacities = resize(NULL, rows, sizeof *capacities);
    for (size_t i = 0; i < rows; i++) {
        slots[i] = 0;
        capacities[i] = g->capacity;
    }
    int32_t status = run(g, in, slots, capacities, error);
    free(slots);
    free(capacities);
    return status;
}

int32_t encode_group(group *g, output *out, int32_t *end, hc_error *error) {
    const int32_t slot = 0;
    int32_t flags = 0;
    for (;;) {
        int32_t status = g->arrays ? hc_hist_state_encode(g->slot, g->capacity, &slot, &g->capacity, 1, flags,
                                                          out->bytes, out->capacity, end, &out->progress, error)
                                   : hc_hll_state_encode(g->slot, g->capacity, &slot, &g->capacity, 1, flags,
                                                         out->bytes, out->capacity, end, &out->progress, error);
        if (status == HC_WOULD_BLOCK) {
            flags = HC_ALLOW_LONG;
        } else if (status != HC_AGAIN && !grow_output(status, out)) {
            return status;
        }
    }
}

void free_group(group *g) {
    free(g->slot);
    *g = (group){0};
}
