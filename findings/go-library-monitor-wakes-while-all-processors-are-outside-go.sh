#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A Go library (-buildmode=c-shared) in a process whose threads call it often: with as many calling threads as GOMAXPROCS, which is what an engine that uses all
# CPUs has by default, Go's monitor thread wakes about twice as often as with two processors more. It takes the processor of a thread that is outside Go
# unless another processor is idle, and sleeps 20 microseconds again after it took one. So GOMAXPROCS above the number of CPUs costs less CPU here.
# Exit status 0: the behaviour is as described. 1: it has changed.
set -euo pipefail
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
cd "$dir"
export GOTOOLCHAIN=go1.26.8 GOFLAGS='' GOWORK=off
go version
cat >go.mod <<'MOD'
module monitor
go 1.26
MOD
cat >main.go <<'GO'
package main

import "C"

//export work
func work(n C.int) (sum C.int) {
	for i := range n {
		sum += i * i
	}
	return sum
}

func main() {}
GO
go build -buildmode=c-shared -o libmonitor.so .
cat >host.c <<'C'
#define _GNU_SOURCE
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "libmonitor.h"

static volatile int stop;
static int ids[2];

/* Some 10 microseconds in Go, then as long outside. */
static void *call(void *place) {
    *(int *)place = gettid();
    for (volatile int sum = 0; !stop;) {
        sum += work(10000);
        for (int i = 0; i < 10000; i++) sum += i;
    }
    return NULL;
}

/* How often the threads that do not call have slept. */
static long sleeps(void) {
    long total = 0;
    DIR *tasks = opendir("/proc/self/task");
    for (struct dirent *task; (task = readdir(tasks)) != NULL;) {
        int id = atoi(task->d_name);
        if (id == 0 || id == getpid() || id == ids[0] || id == ids[1]) continue;
        char path[64], line[128];
        snprintf(path, sizeof path, "/proc/self/task/%d/status", id);
        FILE *status = fopen(path, "r");
        while (status != NULL && fgets(line, sizeof line, status) != NULL)
            if (strncmp(line, "voluntary_ctxt_switches:", 24) == 0) total += atol(line + 24);
        if (status != NULL) fclose(status);
    }
    closedir(tasks);
    return total;
}

int main(void) {
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, call, &ids[i]);
    sleep(1);
    long before = sleeps();
    sleep(3);
    printf("%ld\n", (sleeps() - before) / 3);
    stop = 1;
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    return 0;
}
C
gcc -O1 -o host host.c -L. -lmonitor -lpthread -Wl,-rpath,"$dir"
two="$(GOMAXPROCS=2 ./host)"
four="$(GOMAXPROCS=4 ./host)"
echo "2 threads call, GOMAXPROCS=2: the other threads slept $two times a second"
echo "2 threads call, GOMAXPROCS=4: the other threads slept $four times a second"
[ $((5 * two)) -gt $((6 * four)) ] || { echo changed; exit 1; }
