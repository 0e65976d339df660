/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host that handles SIGSEGV itself, as a JVM does for its null checks, and loads the library late: faults
 * in the host's code still reach the host's handler, faults in the library become statuses, on threads
 * that have called the library and on threads that have not. Two copies of the library live side by side.
 *
 *   signals LIBRARY COPY
 */
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "checks.h"

enum { ROUNDS = 200, THREADS = 4 };

typedef typeof(hc_hll_check) check_function;
typedef typeof(hc_hll_state_merge) merge_function;

static struct {
    check_function *check;
    merge_function *merge;
} copies[2];

static atomic_int handled;
static size_t page_size;

/* The host's handler opens the page that the fault was in, and the access is made again. */
static void open_page(int number, siginfo_t *info, void *context) {
    (void)number, (void)context;
    uintptr_t page = (uintptr_t)info->si_addr / page_size * page_size;
    if (info->si_code != SEGV_ACCERR || mprotect((void *)page, page_size, PROT_READ | PROT_WRITE) != 0) {
        _exit(3);
    }
    atomic_fetch_add(&handled, 1);
}

/* A fault in this program's own code. */
static void fault_in_host(void) {
    volatile uint8_t *page = mmap(NULL, page_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int before = atomic_load(&handled);
    page[5] = 1;
    CHECK(page[5] == 1 && atomic_load(&handled) > before, "a fault that the host's handler did not mend");
    munmap((void *)page, page_size);
}

/* A fault in the library's code: a null progress is read. */
static void fault_in_library(merge_function *merge) {
    static const uint8_t empty[] = {3, 12};
    uint64_t state[8] = {0};
    int32_t slot = 0, capacity = sizeof state, start = 0, length = 2;
    hc_error e = {0};
    int32_t status = merge((uint8_t *)state, sizeof state, &slot, &capacity, empty, 2, &start, &length, 1, 0, NULL, &e);
    CHECK(status == HC_INTERNAL || status == HC_ARGUMENT, "a fault in the library: status %d", status);
}

static void *fault_everywhere(void *unused) {
    static const uint8_t empty[] = {3, 12};
    int32_t start = 0, length = 2;
    hc_error e;
    fault_in_host();
    for (int i = 0; i < ROUNDS; i++) {
        CHECK(copies[i % 2].check(empty, 2, &start, &length, 1, &e) == HC_OK, "hc_hll_check of copy %d", i % 2);
        fault_in_host();
        fault_in_library(copies[i % 2].merge);
        fault_in_host();
    }
    return unused;
}

int main(int count, char **arguments) {
    page_size = (size_t)sysconf(_SC_PAGESIZE);
    struct sigaction action = {.sa_sigaction = open_page, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigaction(SIGSEGV, &action, NULL);
    for (int i = 0; i < 2; i++) {
        void *library = count == 3 ? dlopen(arguments[1 + i], RTLD_NOW | RTLD_LOCAL) : NULL;
        if (library == NULL) {
            printf("copy %d: %s\n", i, count == 3 ? dlerror() : "usage: signals LIBRARY COPY");
            return 2;
        }
        copies[i].check = (check_function *)dlsym(library, "hc_hll_check");
        copies[i].merge = (merge_function *)dlsym(library, "hc_hll_state_merge");
    }
    fault_everywhere(NULL);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, fault_everywhere, NULL);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    return ended("signals");
}
