/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Columns that are not what they say: each is HC_ARGUMENT to every function, with the row at fault, and no
 * byte outside is read.
 */
#include "calls.h"

static const struct {
    const char *what;
    int64_t size;
    int32_t start, length, rows;
    int32_t row; /* that the error names */
} cases[] = {
    {"a row that begins before its column", 2, -1, 2, 3, 2},
    {"a row of a negative length", 2, 0, -1, 3, 2},
    {"a row that ends after its column", 2, 1, 2, 3, 2},
    {"a row after its column", 2, 3, 0, 3, 2},
    {"a row far after its column", 2, INT32_MAX, 2, 3, 2},
    {"a row longer than its column", 2, 0, INT32_MAX, 3, 2},
    {"a row whose end does not fit 32 bits", 2, INT32_MAX, INT32_MAX, 3, 2},
    {"a row at the least offset", 2, INT32_MIN, INT32_MIN, 3, 2},
    {"a negative number of rows", 2, 0, 2, -1, -1},
    {"the least number of rows", 2, 0, 2, INT32_MIN, -1},
};

static void check_refused(const char *name, const char *what, int32_t status, const hc_error *e, int32_t row) {
    CHECK(status == HC_ARGUMENT, "%s: %s: status %d", name, what, status);
    CHECK(e->code == status, "%s: %s: error.code %d, status %d", name, what, e->code, status);
    CHECK(e->row == row, "%s: %s: error.row %d, want %d", name, what, e->row, row);
    CHECK(memchr(e->message, 0, sizeof e->message) != NULL && e->message[0] != 0, "%s: %s: no message", name, what);
}

int main(void) {
    static const uint8_t empty[] = {3, CALL_PRECISION};
    uint8_t *data = fenced_copy(empty, sizeof empty);
    call_room = fence(CALL_ROOM);
    for (int f = 0; f < CALLS; f++) {
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            int32_t starts[] = {0, 0, cases[i].start}, lengths[] = {2, 2, cases[i].length};
            column c = {data, cases[i].size, starts, lengths, cases[i].rows};
            hc_error e = {0};
            check_refused(calls[f].name, cases[i].what, calls[f].call(&c, &e), &e, cases[i].row);
        }
        int32_t starts[] = {0}, lengths[] = {2};
        hc_error e;
        int32_t status;

        e = (hc_error){0};
        status = calls[f].call(&(column){data, -1, starts, lengths, 1}, &e);
        CHECK(status == HC_ARGUMENT, "%s: a negative size: status %d", calls[f].name, status);
        e = (hc_error){0};
        status = calls[f].call(&(column){data, 0, starts, lengths, 1}, &e);
        CHECK(status == HC_ARGUMENT, "%s: an empty column: status %d", calls[f].name, status);
        e = (hc_error){0};
        status = calls[f].call(&(column){NULL, 0, starts, lengths, 1}, &e);
        CHECK(status == HC_ARGUMENT, "%s: a column of no memory: status %d", calls[f].name, status);
        e = (hc_error){0};
        status = calls[f].call(&(column){data, 2, NULL, NULL, 1}, &e);
        CHECK(status == HC_ARGUMENT, "%s: no starts and lengths: status %d", calls[f].name, status);

        e = (hc_error){0};
        status = calls[f].call(&(column){NULL, 0, NULL, NULL, 0}, &e);
        CHECK(status == HC_OK, "%s: no rows: status %d, %s", calls[f].name, status, e.message);
        CHECK(calls[f].call(&(column){data, -1, starts, lengths, 1}, NULL) == HC_ARGUMENT, "%s: without an error",
              calls[f].name);
    }
    return ended("invalid_columns");
}
