/* SPDX-License-Identifier: Apache-2.0 */
/*
 * const.h: names for the header's pointers to const, which cgo cannot spell. With them the exports have
 * exactly headcount.h's types, and a difference between the two fails the build.
 */
#ifndef HEADCOUNT_CONST_H
#define HEADCOUNT_CONST_H

#include "headcount.h"

typedef const uint8_t hc_const_uint8;
typedef const int32_t hc_const_int32;
typedef const int64_t hc_const_int64;
typedef const double hc_const_double;

#endif
