/* SPDX-License-Identifier: Apache-2.0 */
#include "layout.h"

#include <stddef.h>
#include <stdio.h>

#include "headcount.h"

/* What compiled callers rely on. A change here is a change of HC_ABI_VERSION. */
_Static_assert(HC_ABI_VERSION == 2, "the layout below is that of version 2");

_Static_assert(sizeof(hc_error) == 264, "hc_error");
_Static_assert(offsetof(hc_error, code) == 0, "hc_error.code");
_Static_assert(offsetof(hc_error, row) == 4, "hc_error.row");
_Static_assert(offsetof(hc_error, message) == 8, "hc_error.message");
_Static_assert(sizeof(((hc_error *)0)->message) == 256, "hc_error.message");

_Static_assert(sizeof(hc_progress) == 24, "hc_progress");
_Static_assert(offsetof(hc_progress, row) == 0, "hc_progress.row");
_Static_assert(offsetof(hc_progress, reserved) == 4, "hc_progress.reserved");
_Static_assert(offsetof(hc_progress, at) == 8, "hc_progress.at");
_Static_assert(offsetof(hc_progress, need) == 16, "hc_progress.need");

_Static_assert(sizeof(double) == 8 && sizeof(int64_t) == 8 && sizeof(int32_t) == 4, "widths");

#define VALUE(name) printf("%s %d\n", #name, (int)(name))
#define SIZE(type) printf("sizeof(%s) %zu\n", #type, sizeof(type))
#define OFFSET(type, field) printf("offsetof(%s,%s) %zu\n", #type, #field, offsetof(type, field))

void print_layout(void) {
    VALUE(HC_ABI_VERSION);

    VALUE(HC_OK);
    VALUE(HC_MALFORMED);
    VALUE(HC_PRECISION_RANGE);
    VALUE(HC_PRECISION_MISMATCH);
    VALUE(HC_TOO_LARGE);
    VALUE(HC_ARGUMENT);
    VALUE(HC_INTERNAL);
    VALUE(HC_NEED_SPACE);
    VALUE(HC_AGAIN);
    VALUE(HC_WOULD_BLOCK);
    VALUE(HC_ALLOW_LONG);
    VALUE(HC_PACK_REGISTERS);
    VALUE(HC_SET_ASIDE);

    SIZE(hc_error);
    OFFSET(hc_error, code);
    OFFSET(hc_error, row);
    OFFSET(hc_error, message);

    SIZE(hc_progress);
    OFFSET(hc_progress, row);
    OFFSET(hc_progress, reserved);
    OFFSET(hc_progress, at);
    OFFSET(hc_progress, need);
}
