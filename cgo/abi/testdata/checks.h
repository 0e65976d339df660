/* SPDX-License-Identifier: Apache-2.0 */
/*
 * checks.h: what the test programs share.
 */
#ifndef CHECKS_H
#define CHECKS_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "aggregate.h"
#include "columns.h"
#include "headcount.h"

static int faults;

/* Notes a fault and goes on; the first twenty are printed. */
#define CHECK(fine, ...)                                                                                               \
    do {                                                                                                               \
        if (!(fine) && ++faults <= 20) {                                                                               \
            printf("%s:%d: ", __FILE__, __LINE__);                                                                     \
            printf(__VA_ARGS__);                                                                                       \
            putchar('\n');                                                                                             \
        }                                                                                                              \
    } while (0)

/* size bytes, zero, that end where memory ends: one byte more kills the process. Given back by unfence. */
static inline uint8_t *fence(size_t size) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t pages = (size + page - 1) / page;
    uint8_t *start = mmap(NULL, (pages + 1) * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED || mprotect(start + pages * page, page, PROT_NONE) != 0) {
        perror("fence");
        exit(2);
    }
    return start + pages * page - size;
}

static inline void unfence(uint8_t *bytes, size_t size) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t pages = (size + page - 1) / page;
    munmap(bytes + size - pages * page, (pages + 1) * page);
}

/* A copy of bytes that ends where memory ends. */
static inline uint8_t *fenced_copy(const uint8_t *bytes, size_t size) {
    uint8_t *copy = fence(size);
    if (size > 0) {
        memcpy(copy, bytes, size);
    }
    return copy;
}

/* Numbers that look random and are the same in every run (splitmix64). */
static inline uint64_t next_number(uint64_t *state) {
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/*
 * The sketch of the integers from first on, count of them: fenced, its size in *size. It goes through the
 * loops of the C driver, as any caller's would.
 */
static inline uint8_t *sketch_of(int64_t precision, int64_t first, int32_t count, int32_t *size) {
    int64_t *values = calloc((size_t)count + 1, sizeof *values);
    for (int32_t i = 0; i < count; i++) {
        values[i] = first + i;
    }
    group g = {0};
    output out = new_output();
    hc_error error = {0};
    int32_t status =
        take_in(&g, &(input){.kind = INTEGERS, .values = values, .rows = count, .precision = precision}, &error);
    if (status == HC_OK) {
        status = encode_group(&g, &out, size, &error);
    }
    if (status != HC_OK) {
        printf("no sketch of precision %d: %s\n", (int)precision, error.message);
        exit(2);
    }
    uint8_t *sketch = fenced_copy(out.bytes, (size_t)*size);
    free_group(&g);
    free_output(&out);
    free(values);
    return sketch;
}

static inline int ended(const char *name) {
    printf("%s: %d faults\n", name, faults);
    return faults == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
