/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Slots: a library that stays inside them, that finds its place again after HC_NEED_SPACE, and that bears slots,
 * progress and contents which are not what they should be.
 */
#include "checks.h"

enum { GROUPS = 5, ROWS = 40, SLOT_MOST = 1 << 15, BETWEEN = 8, MARK = 0xEE };

/* Many groups in one array: row i goes to group i % GROUPS. The bytes between slots belong to no slot. */
typedef struct table {
    uint8_t *state;
    int64_t size;
    int32_t at[GROUPS], capacity[GROUPS];
} table;

/* The same groups with other capacities, fenced. The old table is given back. */
static table lay_out(table old, const int32_t *capacity) {
    table new = {0};
    for (int g = 0; g < GROUPS; g++) {
        new.at[g] = (int32_t) new.size;
        new.capacity[g] = capacity[g];
        new.size += (capacity[g] + 7) / 8 * 8 + BETWEEN;
    }
    new.size -= BETWEEN + (capacity[GROUPS - 1] + 7) / 8 * 8 - capacity[GROUPS - 1];
    /* A heap's arrays begin where they like: at a multiple of 4 is all that is promised. */
    new.state = fence((size_t) new.size);
    memset(new.state, MARK, (size_t) new.size);
    for (int g = 0; g < GROUPS; g++) {
        memset(new.state + new.at[g], 0, (size_t) new.capacity[g]);
        if (old.capacity[g] > 0) {
            memcpy(new.state + new.at[g], old.state + old.at[g], (size_t)old.capacity[g]);
        }
    }
    if (old.state != NULL) {
        unfence(old.state, (size_t)old.size);
    }
    return new;
}

static void check_marks(const table *t) {
    for (int g = 0; g + 1 < GROUPS; g++) {
        for (int32_t i = t->at[g] + t->capacity[g]; i < t->at[g + 1]; i++) {
            CHECK(t->state[i] == MARK, "byte %d after slot %d was written", i - t->at[g], g);
        }
    }
}

/* Merges all rows, growing one slot at a time by no more than it asks for. */
static table merge_rows(const column *rows) {
    const int32_t nothing[GROUPS] = {0};
    table t = lay_out((table){0}, nothing);
    hc_progress progress = {0};
    hc_error e = {0};
    for (int calls = 0; calls < 10000; calls++) {
        int32_t slots[ROWS], capacities[ROWS];
        for (int i = 0; i < rows->rows; i++) {
            slots[i] = t.at[i % GROUPS];
            capacities[i] = t.capacity[i % GROUPS];
        }
        int32_t status =
            hc_hll_state_merge(t.state, t.size, slots, capacities, COLUMN(rows), rows->rows, 0, &progress, &e);
        check_marks(&t);
        if (status == HC_OK) {
            return t;
        }
        CHECK(status == HC_NEED_SPACE, "status %d at row %d: %s", status, progress.row, e.message);
        if (status != HC_NEED_SPACE) {
            break;
        }
        int32_t capacity[GROUPS];
        memcpy(capacity, t.capacity, sizeof capacity);
        int g = progress.row % GROUPS;
        CHECK(progress.need > capacity[g] && progress.need <= SLOT_MOST, "slot of %d bytes needs %d", capacity[g],
              (int)progress.need);
        capacity[g] = (int32_t)progress.need;
        t = lay_out(t, capacity);
    }
    CHECK(0, "no end of calls");
    return t;
}

/* Merges all rows with HC_SET_ASIDE: those whose slots are too small come again, with slots as large as they need. */
static table merge_aside(const column *rows, int32_t flags) {
    const int32_t nothing[GROUPS] = {0};
    table t = lay_out((table){0}, nothing);
    int32_t left[ROWS], n = rows->rows;
    for (int32_t i = 0; i < n; i++) {
        left[i] = i;
    }
    for (int calls = 0; n > 0 && calls < 1000; calls++) {
        int32_t slots[ROWS], capacities[ROWS], starts[ROWS], lengths[ROWS], capacity[GROUPS];
        memcpy(capacity, t.capacity, sizeof capacity);
        for (int32_t i = 0; i < n; i++) {
            slots[i] = t.at[left[i] % GROUPS];
            capacities[i] = t.capacity[left[i] % GROUPS];
            starts[i] = rows->starts[left[i]];
            lengths[i] = rows->lengths[left[i]];
        }
        column some = {rows->data, rows->size, starts, lengths, n};
        hc_progress progress = {0};
        hc_error e = {0};
        int32_t status;
        do {
            status = hc_hll_state_merge(t.state, t.size, slots, capacities, COLUMN(&some), n, flags | HC_SET_ASIDE,
                                        &progress, &e);
        } while (status == HC_AGAIN);
        check_marks(&t);
        CHECK(status == HC_OK && progress.row == n, "status %d at row %d: %s", status, progress.row, e.message);
        int32_t aside = 0;
        for (int32_t i = 0; i < n; i++) {
            int g = left[i] % GROUPS;
            if (capacities[i] < 0) {
                CHECK(-capacities[i] > t.capacity[g] && -capacities[i] <= SLOT_MOST, "slot of %d bytes needs %d",
                      t.capacity[g], -capacities[i]);
                capacity[g] = -capacities[i] > capacity[g] ? -capacities[i] : capacity[g];
                left[aside++] = left[i];
            }
        }
        n = aside;
        t = lay_out(t, capacity);
    }
    CHECK(n == 0, "%d rows were set aside again and again", n);
    return t;
}

/* Each group's sketch is the union of its rows, made row by row. */
static void check_groups(table *t, const column *rows) {
    for (int g = 0; g < GROUPS; g++) {
        static uint8_t united[2][SLOT_MOST], out[SLOT_MOST];
        int32_t size = rows->lengths[g], start = 0, end, bounds[1];
        memcpy(united[0], rows->data + rows->starts[g], (size_t)size);
        hc_error e = {0};
        hc_progress at = {0};
        for (int i = g + GROUPS; i < rows->rows; i += GROUPS) {
            column a = {united[0], size, &start, &size, 1}, b = one_row(rows, i);
            at = (hc_progress){0};
            int32_t status = hc_hll_union(COLUMN(&a), COLUMN(&b), 1, united[1], SLOT_MOST, bounds, &at, &e);
            CHECK(status == HC_OK, "union: %s", e.message);
            size = bounds[0];
            memcpy(united[0], united[1], (size_t)size);
        }
        at = (hc_progress){0};
        int32_t status =
            hc_hll_state_encode(t->state, t->size, &t->at[g], &t->capacity[g], 1, 0, out, SLOT_MOST, &end, &at, &e);
        CHECK(status == HC_OK, "encode: status %d: %s", status, e.message);
        CHECK(end == size && memcmp(out, united[0], (size_t)size) == 0, "group %d is not the union of its rows", g);
    }
}

/* Rows of all sizes, from one id to a full sketch, in one array. */
static column make_rows(int64_t precision, int32_t most) {
    static uint8_t bytes[ROWS * SLOT_MOST];
    static int32_t starts[ROWS], lengths[ROWS];
    column rows = {bytes, 0, starts, lengths, ROWS};
    for (int i = 0; i < ROWS; i++) {
        uint8_t *sketch = sketch_of(precision, 1000 * i, 1 + i * most / ROWS, &lengths[i]);
        starts[i] = (int32_t)rows.size;
        memcpy(bytes + rows.size, sketch, (size_t)lengths[i]);
        rows.size += lengths[i];
        unfence(sketch, (size_t)lengths[i]);
    }
    return rows;
}

/* A state is the caller's to lay out wrongly: HC_ARGUMENT, and nothing is touched. */
static void invalid_slots(const column *row) {
    static const struct {
        int32_t slot, capacity;
    } wrong[] = {{-8, 64},       {0, -1}, {0, 65}, {64, 1}, {72, 0}, {8, 64}, {INT32_MAX, 64}, {INT32_MAX, INT32_MAX},
                 {INT32_MIN, 64}};
    uint8_t *state = fence(64);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        uint8_t out[64];
        int32_t end;
        int32_t capacity = wrong[i].capacity;
        int64_t value = 1;
        hc_error e = {0};
        const int32_t status[] = {
            hc_hll_state_merge(state, 64, &wrong[i].slot, &capacity, COLUMN(row), 1, 0, &(hc_progress){0}, &e),
            hc_hll_state_add(state, 64, &wrong[i].slot, &capacity, COLUMN(row), 1, 12, 0, &(hc_progress){0}, &e),
            hc_hll_state_add_int64(state, 64, &wrong[i].slot, &capacity, &value, 1, 12, 0, &(hc_progress){0}, &e),
            hc_hll_state_encode(state, 64, &wrong[i].slot, &capacity, 1, 0, out, 64, &end, &(hc_progress){0}, &e),
        };
        for (size_t f = 0; f < sizeof status / sizeof status[0]; f++) {
            CHECK(status[f] == HC_ARGUMENT, "state function %zu with a slot at %d of %d bytes in 64: status %d", f,
                  wrong[i].slot, wrong[i].capacity, status[f]);
        }
    }
    for (int i = 0; i < 64; i++) {
        CHECK(state[i] == 0, "a failed call wrote byte %d", i);
    }
}

/* Progress that no call gave, flags that mean nothing: some status. */
static void survive_progress(const column *row) {
    static const int32_t at_row[] = {-1, 1, 2, INT32_MAX, INT32_MIN};
    static const int64_t at[] = {-1, 1, 4096, 4097, (int64_t)1 << 40, INT64_MIN, INT64_MAX};
    int32_t slot = 0, capacity = 8192, end;
    uint8_t *state = fence(8192), *out = fence(8192);
    for (size_t i = 0; i < sizeof at_row / sizeof at_row[0]; i++) {
        for (size_t k = 0; k < sizeof at / sizeof at[0]; k++) {
            for (int32_t flags = -1; flags <= 7; flags++) {
                hc_error e = {0};
                hc_progress p = {.row = at_row[i], .at = at[k], .need = at[k]};
                hc_hll_state_merge(state, 8192, &slot, &capacity, COLUMN(row), 1, flags, &p, &e);
                p = (hc_progress){.row = 0, .at = at[k]};
                hc_hll_state_merge(state, 8192, &slot, &capacity, COLUMN(row), 1, flags, &p, &e);
                p = (hc_progress){.row = at_row[i], .at = at[k]};
                hc_hll_state_add(state, 8192, &slot, &capacity, COLUMN(row), 1, 12, flags, &p, &e);
                p = (hc_progress){.row = at_row[i], .at = at[k]};
                hc_hll_state_encode(state, 8192, &slot, &capacity, 1, flags, out, 8192, &end, &p, &e);
            }
        }
    }
}

/* Contents that no call wrote: some status, and not a byte outside. */
static void survive_contents(const column *row) {
    uint64_t random = 7;
    for (int i = 0; i < 20000; i++) {
        int32_t slot = 0, capacity = (int32_t)(next_number(&random) % 4300), end;
        uint8_t *state = fence((size_t)capacity), out[8192];
        for (int32_t k = 0; k < capacity; k++) {
            state[k] = (uint8_t)(next_number(&random) >> (k < 16 ? next_number(&random) % 64 : 0));
        }
        if (capacity > 1 && i % 4 != 0) { /* more of these come past the first look */
            state[0] = (uint8_t)(2 + i % 2);
            state[1] = i % 3 == 0 ? 8 : 12;
        }
        hc_error e = {0};
        int64_t value = i;
        switch (i % 3) {
        case 0:
            hc_hll_state_merge(state, capacity, &slot, &capacity, COLUMN(row), 1, HC_ALLOW_LONG, &(hc_progress){0}, &e);
            break;
        case 1:
            hc_hll_state_add_int64(state, capacity, &slot, &capacity, &value, 1, 12, HC_ALLOW_LONG, &(hc_progress){0},
                                   &e);
            break;
        default:
            break;
        }
        hc_hll_state_encode(state, capacity, &slot, &capacity, 1, HC_ALLOW_LONG, out, sizeof out, &end,
                            &(hc_progress){0}, &e);
        unfence(state, (size_t)capacity);
    }
}

int main(void) {
    static const struct {
        int64_t precision;
        int32_t most;
    } sets[] = {{4, 3}, {4, 40}, {8, 30}, {12, 40}, {12, 300}, {12, 4000}, {14, 3000}};
    column rows = {0};
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        rows = make_rows(sets[i].precision, sets[i].most);
        table t = merge_rows(&rows);
        check_groups(&t, &rows);
        unfence(t.state, (size_t)t.size);
        const int32_t flags[] = {0, HC_PACK_REGISTERS, HC_PACK_REGISTERS | HC_SPARE(4096)};
        for (size_t k = 0; k < sizeof flags / sizeof flags[0]; k++) {
            t = merge_aside(&rows, flags[k]);
            check_groups(&t, &rows);
            unfence(t.state, (size_t)t.size);
        }
    }
    int32_t size;
    uint8_t *sketch = sketch_of(12, 0, 3000, &size);
    int32_t start = 0;
    column row = {sketch, size, &start, &size, 1};
    invalid_slots(&row);
    survive_progress(&row);
    survive_contents(&row);
    return ended("slots");
}
