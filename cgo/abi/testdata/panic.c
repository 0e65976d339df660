/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A library built with the tag hcpanic panics on demand: the caller gets a status and a message, from any
 * thread and any number of times, and the library works on.
 */
#include <pthread.h>

#include "checks.h"

int32_t hc_test_panic(hc_error *error);

enum { THREADS = 4, PANICS = 500 };

static int wrong[THREADS];

static void *panic_often(void *argument) {
    static const uint8_t empty[] = {3, 12};
    int32_t start = 0, length = 2;
    int *fault = argument;
    for (int i = 0; i < PANICS; i++) {
        hc_error error = {0};
        *fault |= hc_test_panic(&error) != HC_INTERNAL || error.code != HC_INTERNAL || error.row != -1;
        *fault |= strstr(error.message, "report") == NULL;
        *fault |= hc_hll_check(empty, sizeof empty, &start, &length, 1, &error) != HC_OK;
    }
    return NULL;
}

int main(void) {
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, panic_often, &wrong[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK(!wrong[i], "thread %d: a panic that was not told as it should be", i);
    }
    CHECK(hc_test_panic(NULL) == HC_INTERNAL, "a panic without an error to fill");
    return ended("panic");
}
