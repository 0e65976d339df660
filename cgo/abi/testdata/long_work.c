/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work on big sketches without HC_ALLOW_LONG: it comes in pieces, or not at all, and gives the same.
 */
#include "checks.h"
#include "memory.h"

enum { MEGABYTE = 1 << 20 };

/* A state merge as an engine runs it, counting how it went. */
typedef struct run {
    int again, heavy, room;
} run;

static run merge(group *g, const column *rows, int32_t count) {
    run r = {0};
    int32_t slots[2] = {0}, flags = 0;
    hc_progress progress = {0};
    hc_error e = {0};
    for (;;) {
        int32_t capacities[2] = {g->capacity, g->capacity};
        int32_t status =
            hc_hll_state_merge(g->slot, g->capacity, slots, capacities, COLUMN(rows), count, flags, &progress, &e);
        flags = 0;
        switch (status) {
        case HC_AGAIN:
            r.again++;
            break;
        case HC_WOULD_BLOCK:
            r.heavy++;
            flags = HC_ALLOW_LONG;
            break;
        case HC_NEED_SPACE:
            r.room++;
            g->slot = resize(g->slot, (size_t)progress.need, 1);
            memset(g->slot + g->capacity, 0, (size_t)(progress.need - g->capacity));
            g->capacity = (int32_t)progress.need;
            break;
        default:
            CHECK(status == HC_OK, "status %d: %s", status, e.message);
            return r;
        }
        CHECK(r.again + r.heavy + r.room < 10000, "no end of calls");
    }
}

static void check_precision(int64_t precision, int32_t small_count, int32_t large_count) {
    int32_t registers = 1 << precision, sizes[2];
    uint8_t *sketches[2] = {sketch_of(precision, 0, small_count, &sizes[0]),
                            sketch_of(precision, 1000, large_count, &sizes[1])};
    int32_t starts[2] = {0, sizes[0]};
    uint8_t *bytes = fence((size_t)(sizes[0] + sizes[1]));
    memcpy(bytes, sketches[0], (size_t)sizes[0]);
    memcpy(bytes + sizes[0], sketches[1], (size_t)sizes[1]);
    column rows = {bytes, sizes[0] + sizes[1], starts, sizes, 2};

    column a = one_row(&rows, 0), b = one_row(&rows, 1);
    output want = new_output();
    hc_error e = {0};
    int32_t want_size, status;
    do {
        status = hc_hll_union(COLUMN(&a), COLUMN(&b), 1, want.bytes, want.capacity, &want_size, &want.progress, &e);
    } while (grow_output(status, &want));
    CHECK(status == HC_OK && sizes[1] == registers + 2 && want_size == sizes[1], "precision %d: no dense union",
          (int)precision);

    group g = {0};
    run r = merge(&g, &rows, 2);
    CHECK(r.again >= registers / MEGABYTE - 1, "precision %d: %d pauses in %d registers", (int)precision, r.again,
          registers);

    output out = new_output();
    int32_t slot = 0, end, blocked = 0, flags = 0;
    do {
        status = hc_hll_state_encode(g.slot, g.capacity, &slot, &g.capacity, 1, flags, out.bytes, out.capacity, &end,
                                     &out.progress, &e);
        blocked += status == HC_WOULD_BLOCK;
        flags |= status == HC_WOULD_BLOCK ? HC_ALLOW_LONG : 0;
    } while (status == HC_WOULD_BLOCK || status == HC_AGAIN || grow_output(status, &out));
    CHECK(status == HC_OK && end == want_size && memcmp(out.bytes, want.bytes, (size_t)end) == 0,
          "precision %d: the state is not the union", (int)precision);
    printf("precision %d: %d HC_AGAIN, %d HC_WOULD_BLOCK, %d HC_NEED_SPACE; encode %d HC_WOULD_BLOCK\n", (int)precision,
           r.again, r.heavy, r.room, blocked);
    free_group(&g);
    free_output(&out);
    free_output(&want);
}

int main(void) {
    check_precision(16, 3000, 1 << 16);
    check_precision(20, 30000, 1 << 18);
    check_precision(22, 200000, 1 << 19);
    check_precision(24, 500000, 1 << 21);
    return ended("long_work");
}
