/* SPDX-License-Identifier: Apache-2.0 */
#include "memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

void *resize(void *old, size_t count, size_t size) {
    if (count == 0) {
        free(old);
        return NULL;
    }
    void *bytes = count > SIZE_MAX / size ? NULL : realloc(old, count * size);
    if (bytes == NULL) {
        fprintf(stderr, "no memory for %zu times %zu bytes\n", count, size);
        exit(EXIT_FAILURE);
    }
    return bytes;
}
