/* SPDX-License-Identifier: Apache-2.0 */
#include "columns.h"

#include <stdlib.h>

#include "memory.h"

enum { FIRST_CAPACITY = 64 };

column one_row(const column *c, int32_t i) {
    return (column){c->data, c->size, c->starts + i, c->lengths + i, 1};
}

output new_output(void) {
    return (output){.bytes = resize(NULL, FIRST_CAPACITY, 1), .capacity = FIRST_CAPACITY};
}

void free_output(output *out) {
    free(out->bytes);
    *out = (output){0};
}

bool grow_output(int32_t status, output *out) {
    if (status != HC_NEED_SPACE) {
        return false;
    }
    out->capacity = out->progress.need;
    out->bytes = resize(out->bytes, (size_t)out->capacity, 1);
    return true;
}
