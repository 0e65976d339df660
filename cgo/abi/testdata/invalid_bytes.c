/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes that are not sketches: every function rejects what hc_hll_check rejects, and nothing beyond the bytes
 * is read; what it takes, every function takes. The bytes are sketches with something wrong, mostly.
 */
#include "calls.h"

enum { ROUNDS = 3000 };

/* Puts something wrong into a copy of a sketch, or nothing; returns the copy's new size. */
static int32_t spoil(uint8_t *bytes, int32_t size, uint64_t *random) {
    switch (next_number(random) % 6) {
    case 0:
        return (int32_t)(next_number(random) % (uint64_t)(size + 1)); /* cut */
    case 1:
        bytes[0] = (uint8_t)next_number(random); /* another type */
        return size;
    case 2:
        bytes[1] = (uint8_t)(next_number(random) % 40); /* another precision */
        return size;
    case 3:
        bytes[next_number(random) % (uint64_t)size] ^= (uint8_t)(1 << next_number(random) % 8);
        return size;
    case 4:
        bytes[size - 1] = (uint8_t)next_number(random); /* the last register */
        return size;
    default:
        return size;
    }
}

static void compare(const uint8_t *bytes, int32_t size) {
    int32_t start = 0;
    column c = {bytes, size, &start, &size, 1};
    hc_error e = {0};
    int32_t want = hc_hll_check(COLUMN(&c), 1, &e);
    CHECK(want == HC_OK || want == HC_MALFORMED, "hc_hll_check: status %d", want);
    int64_t precision = 0;
    int other = hc_hll_precision(COLUMN(&c), 1, &precision, &e) == HC_OK && precision != CALL_PRECISION;
    for (int f = 0; f < CALLS; f++) {
        if (!calls[f].sketches) {
            continue;
        }
        int32_t status = calls[f].call(&c, &e);
        int fine = status == want ||
                   (want == HC_OK && other && (status == HC_PRECISION_MISMATCH || status == HC_PRECISION_RANGE));
        CHECK(fine, "%s: status %d, hc_hll_check's %d, of %d bytes %02x %02x", calls[f].name, status, want, size,
              size > 0 ? bytes[0] : 0, size > 1 ? bytes[1] : 0);
    }
}

int main(void) {
    static const int32_t counts[] = {0, 1, 2, 40, 255, 256, 257, 3000};
    uint64_t random = 1;
    call_room = fence(CALL_ROOM);
    for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++) {
        int32_t size;
        uint8_t *sketch;
        if (counts[k] == 0) {
            size = 2;
            sketch = fenced_copy((const uint8_t[]){3, CALL_PRECISION}, 2);
        } else {
            sketch = sketch_of(CALL_PRECISION, 0, counts[k], &size);
        }
        for (int i = 0; i < ROUNDS / (int)(sizeof counts / sizeof counts[0]); i++) {
            uint8_t *copy = malloc((size_t)size);
            memcpy(copy, sketch, (size_t)size);
            int32_t spoiled = spoil(copy, size, &random);
            uint8_t *bytes = fenced_copy(copy, (size_t)spoiled);
            compare(bytes, spoiled);
            unfence(bytes, (size_t)spoiled);
            free(copy);
        }
        unfence(sketch, (size_t)size);
    }
    return ended("invalid_bytes");
}
