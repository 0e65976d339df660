/*
 * headcount.h: the C contract of libheadcount.
 *
 * HyperLogLog sketches in Algebird's format (udf/hll/FORMAT.md), for engines that call a C library
 * in-process. Written by hand: this file is the contract, the Go exports and the callers follow it.
 *
 * Ownership   Every pointer belongs to the caller. The library keeps none after a call returns, gives
 *             none back, and has no handle to free. Memory may be a garbage-collected heap's, as long
 *             as it stays where it is during the call.
 * Threads     Every function may be called from any thread, at the same time. There is no state in the
 *             library. Two calls must not write the same memory at the same time.
 * Time        A call does a bounded amount of work: hc_hll_state_merge and hc_hll_state_add stop with
 *             HC_AGAIN after about a megabyte of registers, and what needs long work on a big state
 *             answers HC_WOULD_BLOCK unless HC_ALLOW_LONG is given. A caller that holds up others while
 *             it is inside (a JVM's critical call) therefore never does so for long.
 * Panics      None leaves the library: it comes back as HC_INTERNAL. (A pointer to memory that is not
 *             there ends the process, as in any C library.)
 * Signals     Loading the library installs handlers for the synchronous signals, SIGPIPE and SIGURG, and
 *             hands every signal that is not its own to the handler that was there. So a host that has
 *             handlers installs them before it loads the library, as a JVM does, and not through libjsig.
 *
 * Columns     A column of byte strings is (data, size, starts, lengths, rows): row i is the lengths[i]
 *             bytes at data + starts[i]. Rows may overlap, and stand in any order. A row outside
 *             [0, size) is HC_ARGUMENT. rows may be 0.
 * NULLs       The library has none: a caller leaves NULL rows out.
 * Errors      Every function returns a status. From 1 to 15 it is an error, and *error says what is
 *             wrong, in which row, in words for the person who wrote the query. From 16 on it is not
 *             an error: *progress says what the caller has to do. error and progress must not be null.
 */
#ifndef HEADCOUNT_H
#define HEADCOUNT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Raised by any change to what is below that a compiled caller could notice. */
#define HC_ABI_VERSION 2

enum hc_status {
    HC_OK = 0,
    HC_MALFORMED = 1,          /* bytes that are not a sketch */
    HC_PRECISION_RANGE = 2,    /* a precision outside 4..24, or above the sketch's own in a reduction */
    HC_PRECISION_MISMATCH = 3, /* sketches of two precisions in one union */
    HC_TOO_LARGE = 4,          /* a result larger than 2^31 - 1 bytes */
    HC_ARGUMENT = 5,           /* an argument of the function that it does not take (sigmas) or a row outside its column */
    HC_INTERNAL = 15,          /* a fault of the library; please report it */

    HC_NEED_SPACE = 16,  /* progress.need bytes are needed: of the slot of row progress.row, or of out */
    HC_AGAIN = 17, /* call again with the same arguments and *progress as it stands */
    HC_WOULD_BLOCK = 18  /* row progress.row needs long work: call again with HC_ALLOW_LONG and *progress as it stands */
};

/* Flags of the state functions. */
#define HC_ALLOW_LONG 1 /* the caller holds up nobody while it is inside */
#define HC_PACK_REGISTERS 2   /* there are many groups: save memory rather than time; never changes a result */

/* 264 bytes. message is UTF-8, ends with a zero byte, and is written only when code is not 0. */
typedef struct hc_error {
    int32_t code; /* the status returned */
    int32_t row;  /* the row at fault, or -1 */
    char message[256];
} hc_error;

/* 24 bytes, zero before the first call. */
typedef struct hc_progress {
    int32_t row;      /* rows before this one are done */
    int32_t reserved; /* zero */
    int64_t at;       /* how far that row is, and of that row alone; the library's own */
    int64_t need;     /* with HC_NEED_SPACE: bytes */
} hc_progress;

/* ---- The library ------------------------------------------------------------------------------ */

/* The ABI version of the library, HC_ABI_VERSION when it was built. */
int32_t hc_abi_version(void);

/* One line of text, for a log: version, kernel (avx2 or portable), Go version, architecture. Cut to
 * capacity bytes with the ending zero. Returns the length of the whole line without the zero. */
int32_t hc_describe(char *out, int32_t capacity);

/* ---- One sketch in, one value out -------------------------------------------------------------- */

/* Is every row a sketch? The one door for foreign bytes: HC_OK, or HC_MALFORMED at the first row that is not. */
int32_t hc_hll_check(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths,
                 int32_t rows, hc_error *error);

/* out[i]: the precision, 4..24. */
int32_t hc_hll_precision(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths,
                     int32_t rows, int64_t *out, hc_error *error);

/* out[i]: exactly spark-hyperloglog's hll_cardinality. */
int32_t hc_hll_cardinality(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths,
                       int32_t rows, int64_t *out, hc_error *error);

/* out[i]: Algebird's estimate before it is truncated to a cardinality. */
int32_t hc_hll_compatible_estimate(const uint8_t *data, int64_t size, const int32_t *starts,
                               const int32_t *lengths, int32_t rows, double *out, hc_error *error);

/* out[i]: Ertl's improved estimate (hll_estimate). */
int32_t hc_hll_estimate(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths,
                    int32_t rows, double *out, hc_error *error);

/* out[2i], out[2i+1]: lower and upper bound at sigmas 1, 2 or 3 (hll_bounds). */
int32_t hc_hll_bounds(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths,
                  int32_t rows, int64_t sigmas, double *out, hc_error *error);

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
 * The sketches are written one after the other into out[0, capacity); ends[i] is where row i ends (it
 * begins where row i-1 ends, the first at 0). HC_NEED_SPACE: capacity is too small, nothing may be read from
 * out, progress.need bytes are enough: call again with them, *progress as it stands or zero. */

/* One sketch for each id, of its bytes as they are. */
int32_t hc_hll_create(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths,
                  int32_t rows, int64_t precision, uint8_t *out, int64_t capacity, int32_t *ends,
                  hc_progress *progress, hc_error *error);

/* The empty sketch (one). */
int32_t hc_hll_empty(int64_t precision, uint8_t *out, int64_t capacity, int32_t *ends,
                 hc_progress *progress, hc_error *error);

/* Row i of a united with row i of b. */
int32_t hc_hll_union(const uint8_t *a_data, int64_t a_size, const int32_t *a_starts, const int32_t *a_lengths,
                 const uint8_t *b_data, int64_t b_size, const int32_t *b_starts, const int32_t *b_lengths,
                 int32_t rows, uint8_t *out, int64_t capacity, int32_t *ends,
                 hc_progress *progress, hc_error *error);

/* Each row at a smaller precision, 4..its own: as if it had been built there. */
int32_t hc_hll_reduce(const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths,
                  int32_t rows, int64_t precision, uint8_t *out, int64_t capacity, int32_t *ends,
                  hc_progress *progress, hc_error *error);

/* ---- Aggregation -------------------------------------------------------------------------------
 * A group's state is a slot: a stretch of the caller's memory, state + slots[i] for capacities[i] bytes,
 * whose contents are the library's own and mean nothing elsewhere (they differ between versions; what
 * travels is the encoded sketch). A slot begins as zero bytes, or with capacity 0. Slots start at
 * multiples of 8, and state at an address divisible by 4, which every array of a JVM's heap has. Several
 * rows may name the same slot; they are taken in order.
 *
 * HC_NEED_SPACE: the slot of row progress.row needs progress.need bytes. Copy its bytes to a larger stretch,
 * zero the rest, and call again with *progress as it stands and slots and capacities put right (of every
 * row that names it). A slot grows from a few entries to the registers and never further.
 *
 * HC_WOULD_BLOCK: call again with HC_ALLOW_LONG, from where nobody waits.
 *
 * After an error the slots named by rows from progress.row on hold what cannot be relied on: a refused
 * row may have been taken in part (its check runs along with the union). Give up the aggregation. */

/* Unites sketches into slots. */
int32_t hc_hll_state_merge(uint8_t *state, int64_t state_size, const int32_t *slots, const int32_t *capacities,
                       const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths,
                       int32_t rows, int32_t flags, hc_progress *progress, hc_error *error);

/* Adds ids, of their bytes as they are, to sketches of a precision. */
int32_t hc_hll_state_add(uint8_t *state, int64_t state_size, const int32_t *slots, const int32_t *capacities,
                     const uint8_t *data, int64_t size, const int32_t *starts, const int32_t *lengths,
                     int32_t rows, int64_t precision, int32_t flags, hc_progress *progress, hc_error *error);

/* Adds integers, as their decimal text. */
int32_t hc_hll_state_add_int64(uint8_t *state, int64_t state_size, const int32_t *slots, const int32_t *capacities,
                           const int64_t *values, int32_t rows, int64_t precision, int32_t flags,
                           hc_progress *progress, hc_error *error);

/* Writes the sketch of each slot, as above. The slot stays in use; its contents may be put in order. A
 * slot of zero bytes has no sketch: its row is empty (ends[i] == ends[i-1]). HC_NEED_SPACE speaks of out. */
int32_t hc_hll_state_encode(uint8_t *state, int64_t state_size, const int32_t *slots, const int32_t *capacities,
                        int32_t rows, int32_t flags, uint8_t *out, int64_t capacity, int32_t *ends,
                        hc_progress *progress, hc_error *error);

#ifdef __cplusplus
}
#endif

#endif
