/* SPDX-License-Identifier: Apache-2.0 */
/*
 * functions.h: the functions of the conformance protocol, each a call of headcount.h.
 */
#ifndef DRIVER_FUNCTIONS_H
#define DRIVER_FUNCTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "columns.h"

typedef struct request {
    int64_t number;  /* the precision, the sigmas, or with SIZES n */
    int64_t more[2]; /* with SIZES high and low */
    int64_t id;      /* with PRECISION_AND_ID */
    column bytes;    /* the sketches or ids that are not null */
} request;

/* What a function gave, or with a status other than HC_OK, why it gave nothing. */
typedef struct reply {
    enum { NOTHING, NULL_SKETCH, SKETCH, INTEGER, DOUBLES } kind;
    output sketch;
    int32_t length; /* of the sketch */
    int64_t integer;
    double doubles[3];
    int count; /* of doubles */
    hc_error error;
} reply;

typedef struct function {
    const char *name;
    enum { NO_NUMBER, PRECISION, PRECISION_AND_ID, SIGMAS, SIZES } number;
    int32_t least, most; /* rows */
    bool nulls;          /* is "null" a row? */
    int32_t (*call)(const request *, reply *);
} function;

/* The function with this name, or null. */
const function *find_function(const char *name, size_t length);

#endif
