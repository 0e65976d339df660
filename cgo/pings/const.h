/* SPDX-License-Identifier: Apache-2.0 */
/* const.h: names for the header's pointers to const, which cgo cannot spell, as in cgo/const.h. */
#ifndef HEADCOUNT_PINGS_CONST_H
#define HEADCOUNT_PINGS_CONST_H

#include "headcount_pings.h"

typedef const uint8_t hc_const_uint8;
typedef const int64_t hc_const_int64;
typedef const double hc_const_double;

#endif
