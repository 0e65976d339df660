/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many threads in the library at once, on states of their own and sketches they share: every result is
 * right, and a million calls leak no memory. Neither do threads that come, call once and go.
 */
#include <pthread.h>

#include "checks.h"

enum {
    THREADS = 16,
    SKETCHES_SHARED = 32,
    ROWS = 8,
    CALLS_EACH = 31250,
    PASSERS = 2000,
    SLOT = 8192,
    ALLOWED = 24 << 20
};

static column shared;        /* SKETCHES_SHARED rows */
static uint8_t united[SLOT]; /* their union */
static int32_t united_size;
static int wrong[THREADS + 1];

/* Resident bytes of this process. */
static int64_t resident(void) {
    long pages = 0, ignored;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%ld %ld", &ignored, &pages) != 2) {
        perror("/proc/self/statm");
        exit(2);
    }
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

/* Merges all shared sketches in this thread's own order, many times over; now and then one that is none. */
static void *merge_all(void *argument) {
    int *fault = argument;
    int32_t slots[ROWS] = {0}, capacities[ROWS], starts[ROWS], lengths[ROWS], slot = 0, capacity = SLOT, end;
    uint8_t *state = calloc(1, SLOT), *out = malloc(SLOT);
    hc_error error;
    uint64_t random = (uint64_t)(fault - wrong);
    for (int i = 0; i < ROWS; i++) {
        capacities[i] = SLOT;
    }
    int calls = 0;
    while (calls < CALLS_EACH) {
        memset(state, 0, SLOT);
        int32_t first = (int32_t)(next_number(&random) % SKETCHES_SHARED);
        for (int32_t done = 0; done < SKETCHES_SHARED; done += ROWS) {
            for (int i = 0; i < ROWS; i++) {
                int32_t row = (first + 7 * (done + i)) % SKETCHES_SHARED;
                starts[i] = shared.starts[row];
                lengths[i] = shared.lengths[row];
            }
            hc_progress progress = {0};
            *fault |= hc_hll_state_merge(state, SLOT, slots, capacities, shared.data, shared.size, starts, lengths,
                                         ROWS, 0, &progress, &error) != HC_OK;
            calls++;
        }
        hc_progress progress = {0};
        *fault |= hc_hll_state_encode(state, SLOT, &slot, &capacity, 1, 0, out, SLOT, &end, &progress, &error) != HC_OK;
        *fault |= end != united_size || memcmp(out, united, (size_t)end) != 0;
        lengths[0] = 1;
        *fault |= hc_hll_check(shared.data, shared.size, starts, lengths, 1, &error) != HC_MALFORMED;
        calls += 2;
    }
    free(state);
    free(out);
    return NULL;
}

static void *pass_by(void *fault) {
    hc_error error;
    *(int *)fault |= hc_hll_check(COLUMN(&shared), 1, &error) != HC_OK;
    return NULL;
}

static void run_together(void) {
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, merge_all, &wrong[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK(!wrong[i], "thread %d had a wrong result", i);
    }
}

static void pass(int count) {
    for (int i = 0; i < count; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, pass_by, &wrong[THREADS]);
        pthread_join(thread, NULL);
    }
    CHECK(!wrong[THREADS], "a passing thread had a wrong result");
}

int main(void) {
    static uint8_t bytes[SKETCHES_SHARED * SLOT];
    static int32_t starts[SKETCHES_SHARED], lengths[SKETCHES_SHARED];
    shared = (column){bytes, 0, starts, lengths, SKETCHES_SHARED};
    for (int i = 0; i < SKETCHES_SHARED; i++) {
        uint8_t *sketch = sketch_of(12, 500 * i, i % 2 == 0 ? 3000 : 100, &lengths[i]);
        starts[i] = (int32_t)shared.size;
        memcpy(bytes + shared.size, sketch, (size_t)lengths[i]);
        shared.size += lengths[i];
        unfence(sketch, (size_t)lengths[i]);
    }
    group g = {0};
    output out = new_output();
    hc_error error = {0};
    int32_t status = take_in(&g, &(input){.kind = SKETCHES, .bytes = shared, .rows = SKETCHES_SHARED}, &error);
    CHECK(status == HC_OK && encode_group(&g, &out, &united_size, &error) == HC_OK, "%s", error.message);
    memcpy(united, out.bytes, (size_t)united_size);

    run_together();
    pass(PASSERS / 10);
    int64_t before = resident();
    run_together();
    pass(PASSERS);
    int64_t grown = resident() - before;
    CHECK(grown < ALLOWED, "%lld more bytes resident after as many calls again", (long long)grown);
    printf("resident: %lld bytes, %lld more after as many calls again\n", (long long)before, (long long)grown);
    free_group(&g);
    free_output(&out);
    return ended("threads");
}
