/* SPDX-License-Identifier: Apache-2.0 */
/*
 * headcount.h: the C contract of libheadcount.
 *
 * HyperLogLog sketches in Algebird's format (udf/hll/FORMAT.md) and sums of histograms (udf/hist), for engines that call a
 * C library in-process. This file is written by hand: it is the contract that the Go exports and the callers follow. The
 * functions of a family have its prefix: hc_hll_, hc_hist_.
 *
 * Ownership   All memory belongs to the caller. The library keeps no pointer after a call returns, returns none, and has
 *             no handle to free. Memory may be in a garbage-collected heap if it does not move during the call.
 * Threads     Every function may be called from any thread, concurrently. The library has no state. Two concurrent calls
 *             must not write the same memory.
 * Time        A call does a bounded amount of work: hc_hll_state_merge and hc_hll_state_add return HC_AGAIN after about a
 *             megabyte of registers, and long work on a large state returns HC_WOULD_BLOCK unless HC_ALLOW_LONG is set.
 *             So a caller that blocks others during a call, such as a JVM's critical call, does so only briefly.
 * Panics      None leaves the library: a panic becomes HC_INTERNAL. (A pointer to unmapped memory ends the process, as in
 *             any C library.)
 * Signals     Loading the library installs handlers for the synchronous signals, SIGPIPE and SIGURG. They pass every
 *             signal that is not the library's to the handler that was installed before. A host with handlers, such as a
 *             JVM, therefore installs them before it loads the library, and not through libjsig.
 *
 * Columns     A column of byte strings is (data, size, starts, lengths, rows): row i is the lengths[i] bytes at
 *             data + starts[i]. Rows may overlap and be in any order. A row outside [0, size) is HC_ARGUMENT. rows may
 *             be 0.
 * Arrays      A column of arrays of int64 is a column of byte strings: the elements, 8 bytes each in little-endian order,
 *             at any address. A length that is no multiple of 8 is HC_ARGUMENT. The caller passes a NULL element as 0.
 * NULLs       There are none: the caller leaves NULL rows out.
 * Errors      Every function returns a status. 1 to 15 is an error: *error has the message, for the person who wrote the
 *             query, and the row. 16 and above is not an error: *progress says what the caller has to do. error and
 *             progress must not be null.
 */
#ifndef HEADCOUNT_H
#define HEADCOUNT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Incremented by every change below that affects a compiled caller. */
#define HC_ABI_VERSION 2

enum hc_status {
    HC_OK = 0,
    HC_MALFORMED = 1,          /* bytes that are not a valid sketch */
    HC_PRECISION_RANGE = 2,    /* a precision outside 4..24, or in a reduction above the precision of the sketch */
    HC_PRECISION_MISMATCH = 3, /* sketches of different precisions in one union */
    HC_TOO_LARGE = 4,          /* a result larger than 2^31 - 1 bytes */
    HC_ARGUMENT = 5,           /* any other invalid argument (sigmas), or a row outside its column */
    HC_INTERNAL = 15,          /* an error in the library; please report it */

    HC_NEED_SPACE = 16, /* the slot of row progress.row, or out, has to have progress.need bytes */
    HC_AGAIN = 17,      /* call again with the same arguments and *progress unchanged */
    HC_WOULD_BLOCK = 18 /* row progress.row needs long work: call again with HC_ALLOW_LONG, *progress unchanged */
};

/* Flags of the state functions. */
#define HC_ALLOW_LONG 1     /* allows long work: the call blocks no other thread */
#define HC_PACK_REGISTERS 2 /* saves memory rather than time, for many groups; never changes a result */
#define HC_SET_ASIDE 4      /* a row whose slot is too small does not end the call: "Aggregation" below */
/* The bytes that the caller has for each slot, if more memory saves time: less than 2^29, in units of 64. */
#define HC_SPARE(bytes) ((int32_t)((bytes) / 64) << 8)

/* 264 bytes. message is UTF-8 and zero-terminated. It is written only if code is not 0. */
typedef struct hc_error {
    int32_t code; /* the status returned */
    int32_t row;  /* the row at fault, or -1 */
    char message[256];
} hc_error;

/* 24 bytes. Zero before the first call. */
typedef struct hc_progress {
    int32_t row;      /* rows before this one are done */
    int32_t reserved; /* zero */
    int64_t at;       /* private to the library: the position in that row */
    int64_t need;     /* with HC_NEED_SPACE: bytes */
} hc_progress;

/* ---- The library ------------------------------------------------------------------------------ */

/* The ABI version of the library, HC_ABI_VERSION when it was built. */
int32_t hc_abi_version(void);

/* One line of text for a log: version, kernel (avx2 or portable), Go version, architecture. It is truncated to capacity
 * bytes with the terminating zero. Returns the length of the whole line without the zero. */
int32_t hc_describe(char *out, int32_t capacity);

/* ---- One sketch in, one value out -------------------------------------------------------------- */

/* Checks that every row is a valid sketch: HC_OK, or HC_MALFORMED at the first row that is not. */
int32_t hc_hll_check(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths, int32_t rows,
                     hc_error *error);

/* out[i]: the precision, 4..24. */
int32_t hc_hll_precision(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths, int32_t rows,
                         int64_t *out, hc_error *error);

/* out[i]: the cardinality, exactly as spark-hyperloglog's hll_cardinality. */
int32_t hc_hll_cardinality(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths,
                           int32_t rows, int64_t *out, hc_error *error);

/* out[i]: Algebird's estimate, which the cardinality truncates. */
int32_t hc_hll_compatible_estimate(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths,
                                   int32_t rows, double *out, hc_error *error);

/* out[i]: Ertl's improved estimate (hll_estimate). */
int32_t hc_hll_estimate(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths, int32_t rows,
                        double *out, hc_error *error);

/* out[2i], out[2i+1]: lower and upper bound at sigmas 1, 2 or 3 (hll_bounds). */
int32_t hc_hll_bounds(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths, int32_t rows,
                      int64_t sigmas, double *out, hc_error *error);

/* ---- Two sketches in, one value out: row i of a with row i of b -------------------------------- */

/* out[3i..3i+2]: estimate, lower and upper bound at 2 sigmas (hll_intersection). */
int32_t hc_hll_intersection(const uint8_t *a_data, int64_t a_size, const int32_t *a_starts, const int32_t *a_lengths,
                            const uint8_t *b_data, int64_t b_size, const int32_t *b_starts, const int32_t *b_lengths,
                            int32_t rows, double *out, hc_error *error);

/* out[i]: the Jaccard index, 0..1 (hll_jaccard). */
int32_t hc_hll_jaccard(const uint8_t *a_data, int64_t a_size, const int32_t *a_starts, const int32_t *a_lengths,
                       const uint8_t *b_data, int64_t b_size, const int32_t *b_starts, const int32_t *b_lengths,
                       int32_t rows, double *out, hc_error *error);

/* ---- Sketches out ------------------------------------------------------------------------------
 * The sketches are written one after the other to out[0, capacity). ends[i] is the end of row i, and the start of row i+1;
 * row 0 starts at 0. HC_NEED_SPACE: capacity is too small. The contents of out are undefined. Call again with
 * progress.need bytes, *progress unchanged or zero. */

/* The sketch of each id, hashed by its bytes. */
int32_t hc_hll_create(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths, int32_t rows,
                      int64_t precision, uint8_t *out, int64_t capacity, int32_t *ends, hc_progress *progress,
                      hc_error *error);

/* The sketch of each integer, hashed by its decimal text. */
int32_t hc_hll_create_int64(const int64_t *values, int32_t rows, int64_t precision, uint8_t *out, int64_t capacity,
                            int32_t *ends, hc_progress *progress, hc_error *error);

/* The empty sketch (one). */
int32_t hc_hll_empty(int64_t precision, uint8_t *out, int64_t capacity, int32_t *ends, hc_progress *progress,
                     hc_error *error);

/* The union of row i of a with row i of b. */
int32_t hc_hll_union(const uint8_t *a_data, int64_t a_size, const int32_t *a_starts, const int32_t *a_lengths,
                     const uint8_t *b_data, int64_t b_size, const int32_t *b_starts, const int32_t *b_lengths,
                     int32_t rows, uint8_t *out, int64_t capacity, int32_t *ends, hc_progress *progress,
                     hc_error *error);

/* Each row at a lower precision, from 4 to its own, as if it had been built at that precision. */
int32_t hc_hll_reduce(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths, int32_t rows,
                      int64_t precision, uint8_t *out, int64_t capacity, int32_t *ends, hc_progress *progress,
                      hc_error *error);

/* ---- Histograms: arrays of lower bounds and of counts ------------------------------------------ */

/* out[i]: the mean of the counts of row i of b, with the lower bounds in row i of a; NaN without counts above 0. */
int32_t hc_hist_mean(const uint8_t *a_data, int64_t a_size, const int32_t *a_starts, const int32_t *a_lengths,
                     const uint8_t *b_data, int64_t b_size, const int32_t *b_starts, const int32_t *b_lengths,
                     int32_t rows, double *out, hc_error *error);

/* out[i]: the percentile percents[i], 0..100, of the same; NaN without counts above 0. */
int32_t hc_hist_percentile(const uint8_t *a_data, int64_t a_size, const int32_t *a_starts, const int32_t *a_lengths,
                           const uint8_t *b_data, int64_t b_size, const int32_t *b_starts, const int32_t *b_lengths,
                           int32_t rows, const double *percents, double *out, hc_error *error);

/* The array of lower bounds of each layout, as described under "Sketches out". Row i is the name of a kind, and
 * sizes[3i..3i+2] are low, high and n. */
int32_t hc_hist_buckets(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths, int32_t rows,
                        const int64_t *sizes, uint8_t *out, int64_t capacity, int32_t *ends, hc_progress *progress,
                        hc_error *error);

/* ---- Aggregation -------------------------------------------------------------------------------
 * A group's state is a slot: capacities[i] bytes of the caller's memory at state + slots[i]. Its contents are private to the
 * library and differ between versions; the encoded sketch is what may be stored or sent. A slot starts as zero bytes, or
 * with capacity 0. slots[i] is a multiple of 8, and state an address divisible by 4, like every array in a JVM's heap.
 * Several rows may have the same slot; they are processed in order.
 *
 * HC_NEED_SPACE: the slot of row progress.row needs progress.need bytes. Copy its bytes to larger memory, set the rest to
 * zero, and call again with *progress unchanged, after correcting slots and capacities of every row with that slot. A slot
 * grows from a few entries to the registers, and not beyond.
 *
 * HC_SET_ASIDE, in calls over sketches and ids: the call sets such a row aside and goes on with the next. It sets
 * capacities[i] to minus the bytes that the slot of row i needs; rows of the same slot may follow. With HC_OK all other rows
 * are done. Make the slots larger, and take the rows that were set aside in another call.
 *
 * HC_WOULD_BLOCK: call again with HC_ALLOW_LONG, where a long call blocks no other thread.
 *
 * After an error the slots of the rows from progress.row on are undefined: an invalid row may have been united in part,
 * because it is checked during the union. Abandon the aggregation. */

/* Unites sketches with slots. */
int32_t hc_hll_state_merge(uint8_t *state, int64_t state_size, const int32_t *slots, int32_t *capacities,
                           const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths,
                           int32_t rows, int32_t flags, hc_progress *progress, hc_error *error);

/* Adds ids, hashed by their bytes, to sketches of one precision. */
int32_t hc_hll_state_add(uint8_t *state, int64_t state_size, const int32_t *slots, int32_t *capacities,
                         const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths, int32_t rows,
                         int64_t precision, int32_t flags, hc_progress *progress, hc_error *error);

/* Adds integers, hashed by their decimal text, to sketches of one precision. */
int32_t hc_hll_state_add_int64(uint8_t *state, int64_t state_size, const int32_t *slots, int32_t *capacities,
                               const int64_t *values, int32_t rows, int64_t precision, int32_t flags,
                               hc_progress *progress, hc_error *error);

/* Writes the sketch of each slot, as described under "Sketches out". The slot may be used further. A slot of zero bytes has
 * no sketch: its row is empty (ends[i] == ends[i-1]). HC_NEED_SPACE is about out. */
int32_t hc_hll_state_encode(uint8_t *state, int64_t state_size, const int32_t *slots, const int32_t *capacities,
                            int32_t rows, int32_t flags, uint8_t *out, int64_t capacity, int32_t *ends,
                            hc_progress *progress, hc_error *error);

/* ---- Aggregation of histograms: as above, with arrays in place of sketches ----------------------- */

/* Adds histogram arrays, which end with sum and count, to slots: buckets to buckets, sum to sum and count to count. Sums
 * saturate. An array of less than 2 elements is HC_ARGUMENT. */
int32_t hc_hist_state_aggregate(uint8_t *state, int64_t state_size, const int32_t *slots, const int32_t *capacities,
                                const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths,
                                int32_t rows, int32_t flags, hc_progress *progress, hc_error *error);

/* Adds arrays to slots, element by element. Sums saturate. */
int32_t hc_hist_state_sum(uint8_t *state, int64_t state_size, const int32_t *slots, const int32_t *capacities,
                          const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths,
                          int32_t rows, int32_t flags, hc_progress *progress, hc_error *error);

/* Writes the array of each slot, as described under "Sketches out". A slot without elements has an empty row. */
int32_t hc_hist_state_encode(uint8_t *state, int64_t state_size, const int32_t *slots, const int32_t *capacities,
                             int32_t rows, int32_t flags, uint8_t *out, int64_t capacity, int32_t *ends,
                             hc_progress *progress, hc_error *error);

#ifdef __cplusplus
}
#endif

#endif
