/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The C driver: answers the conformance protocol on its standard input and output by calling
 * headcount.h, and nothing else. It is also the example of a caller: columns.c grows an output,
 * aggregate.c runs an aggregation.
 *
 *   c             answers lines until the input ends
 *   c --layout    prints sizes, offsets and values of the contract
 *   c --every     calls every function once
 *   c --describe  prints the library's line about itself
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "every.h"
#include "headcount.h"
#include "layout.h"
#include "lines.h"
#include "protocol.h"

/* A caller's first call: a library of another version must not be used at all. */
static void check_version(void) {
    int32_t version = hc_abi_version();
    if (version != HC_ABI_VERSION) {
        fprintf(stderr, "libheadcount has ABI version %d, this program needs %d\n", (int)version, HC_ABI_VERSION);
        exit(EXIT_FAILURE);
    }
}

static void describe(void) {
    char line[512];
    hc_describe(line, sizeof line);
    puts(line);
}

static void answer_lines(void) {
    lines in = {.descriptor = STDIN_FILENO};
    char *line;
    size_t length;
    for (;;) {
        enum line_kind kind = next_line(&in, &line, &length);
        if (kind == LINES_END) {
            break;
        }
        if (kind == LINE) {
            answer(line, length);
        } else {
            print_error(HC_TOO_LARGE, "a line that is too long");
        }
        fflush(stdout);
    }
    free_lines(&in);
}

int main(int count, char **arguments) {
    check_version();
    if (count == 1) {
        answer_lines();
    } else if (count == 2 && strcmp(arguments[1], "--layout") == 0) {
        print_layout();
    } else if (count == 2 && strcmp(arguments[1], "--every") == 0) {
        return call_every() ? EXIT_SUCCESS : EXIT_FAILURE;
    } else if (count == 2 && strcmp(arguments[1], "--describe") == 0) {
        describe();
    } else {
        fprintf(stderr, "usage: %s [--layout | --every | --describe]\n", arguments[0]);
        return 2;
    }
    return ferror(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
