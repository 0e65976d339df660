/* SPDX-License-Identifier: Apache-2.0 */
/*
 * headcount_pings.h: the C contract of libheadcount-pings, which reads pings for the Python package.
 *
 * It is a library of its own: what reads files has no place in a SQL engine, which loads libheadcount.
 *
 * Ownership   A reader belongs to the caller, who closes it. Memory that a reader returns is valid until the next call with the
 *             reader. A stream is the caller's, who calls its release, also after the reader is closed.
 * Threads     One thread may use a reader at a time; different readers are independent.
 * Time        A call with milliseconds returns HC_AGAIN after that time, so that the caller can handle its signals.
 * Memory      Bounded: a few megabytes for each processor, and for a table what its properties take, at most max_bytes.
 * Panics      None leaves the library: a panic becomes HC_INTERNAL.
 * Errors      As in headcount.h. HC_ARGUMENT is also the status of files that cannot be read.
 */
#ifndef HEADCOUNT_PINGS_H
#define HEADCOUNT_PINGS_H

#include "../headcount.h"

#ifdef __cplusplus
extern "C" {
#endif

#define HC_PINGS_ABI_VERSION 1

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowSchema;
struct ArrowArray;

/* https://arrow.apache.org/docs/format/CStreamInterface.html */
struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
    int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
    const char *(*get_last_error)(struct ArrowArrayStream *);
    void (*release)(struct ArrowArrayStream *);
    void *private_data;
};

#endif

/* The ABI version of the library. */
int32_t hc_pings_abi_version(void);

/* Opens a reader, a number above 0, and begins to read. request is JSON, size bytes of UTF-8: the fields of pingselect.Request. */
int32_t hc_pings_open(const uint8_t *request, int64_t size, int64_t *reader, hc_error *error);

/* The next pings, as a JSON array of objects: a member for each property, null where a ping has no value, or without properties the
 * whole ping. HC_OK with *size 0: there are no more. */
int32_t hc_pings_next(int64_t reader, int32_t milliseconds, const uint8_t **data, int64_t *size, hc_error *error);

/* All pings as a stream of Arrow batches, a column for each property, for a request with "table": true. HC_AGAIN while they are read.
 * The reader has none after HC_OK. stream is zero before the call. */
int32_t hc_pings_table(int64_t reader, int32_t milliseconds, struct ArrowArrayStream *stream, hc_error *error);

/* What became of the documents so far, as JSON: the fields of pingselect.Counts. */
int32_t hc_pings_counts(int64_t reader, const uint8_t **data, int64_t *size, hc_error *error);

/* Stops and frees a reader. */
int32_t hc_pings_close(int64_t reader, hc_error *error);

/* out[i]: percentile[i], 0 to 100, of a histogram of n buckets: udf/hist has the formula. NaN if there are no counts. */
int32_t hc_pings_percentiles(const int64_t *bounds, const int64_t *counts, int32_t n, const double *percentiles,
                             int32_t rows, double *out, hc_error *error);

#ifdef __cplusplus
}
#endif

#endif
