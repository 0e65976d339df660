/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "functions.h"
#include "memory.h"

static const char *code_word(int32_t status) {
    switch (status) {
    case HC_MALFORMED:
        return "malformed";
    case HC_PRECISION_RANGE:
        return "precision_range";
    case HC_PRECISION_MISMATCH:
        return "precision_mismatch";
    case HC_TOO_LARGE:
        return "too_large";
    default:
        return "unknown";
    }
}

void print_error(int32_t status, const char *message) {
    printf("error %s ", code_word(status));
    for (; *message != 0; message++) { /* an answer is one line of ASCII, whatever the message is */
        putchar(*message >= ' ' && *message <= '~' ? *message : '?');
    }
    putchar('\n');
}

static void print_reply(const reply *r) {
    fputs("ok", stdout);
    switch (r->kind) {
    case NOTHING:
        break;
    case NULL_SKETCH:
        fputs(" null", stdout);
        break;
    case SKETCH:
        putchar(' ');
        print_hex(r->sketch.bytes, (size_t)r->length);
        break;
    case INTEGER:
        printf(" %" PRId64, r->integer);
        break;
    case DOUBLES:
        for (int i = 0; i < r->count; i++) {
            uint64_t bits;
            memcpy(&bits, &r->doubles[i], sizeof bits);
            printf(" %016" PRIx64, bits);
        }
        break;
    }
    putchar('\n');
}

/* Takes a number. Returns what is wrong, or null. */
static const char *take_number(char **rest, const char *end, int64_t *number) {
    if (*rest == NULL) {
        return "a number is missing";
    }
    switch (parse_number(next_field(rest, end), number)) {
    case NUMBER:
        return NULL;
    case NUMBER_TOO_BIG:
        return "a number that does not fit 64 bits";
    default:
        return "not a number";
    }
}

/* Takes the numbers of the function. Returns what is wrong, or null. */
static const char *take_numbers(const function *f, char **rest, const char *end, request *q) {
    const char *wrong = f->number == NO_NUMBER ? NULL : take_number(rest, end, &q->number);
    if (wrong == NULL && f->number == PRECISION_AND_ID) {
        wrong = take_number(rest, end, &q->id);
    }
    for (int i = 0; wrong == NULL && f->number == SIZES && i < 2; i++) {
        wrong = take_number(rest, end, &q->more[i]);
    }
    return wrong;
}

/*
 * Takes the rest of the line as the rows of a column whose bytes are in the line. Returns what is wrong, or
 * null.
 */
static const char *take_rows(const function *f, char *line, char *rest, const char *end, column *rows) {
    size_t fields = count_fields(rest, end);
    if (fields < (size_t)f->least || fields > (size_t)f->most) {
        return "a wrong number of fields";
    }
    rows->data = (const uint8_t *)line;
    rows->size = end - line;
    rows->starts = resize(NULL, fields, sizeof *rows->starts);
    rows->lengths = resize(NULL, fields, sizeof *rows->lengths);
    while (rest != NULL) {
        field text = next_field(&rest, end);
        if (f->nulls && field_is(text, "null")) {
            continue; /* the library has no NULLs: they are left out */
        }
        int64_t length = parse_hex(text);
        if (length < 0) {
            return "a field that is not bytes in lower-case hex";
        }
        rows->starts[rows->rows] = (int32_t)(text.text - line);
        rows->lengths[rows->rows] = (int32_t)length;
        rows->rows++;
    }
    return NULL;
}

void answer(char *line, size_t length) {
    const char *end = line + length;
    char *rest = line;
    field name = next_field(&rest, end);
    const function *f = find_function(name.text, name.length);
    if (f == NULL) {
        print_error(HC_ARGUMENT, "no such function");
        return;
    }
    request q = {0};
    const char *wrong = take_numbers(f, &rest, end, &q);
    if (wrong == NULL) {
        wrong = take_rows(f, line, rest, end, &q.bytes);
    }
    if (wrong != NULL) {
        print_error(HC_ARGUMENT, wrong);
    } else {
        reply r = {.sketch = new_output()};
        int32_t status = f->call(&q, &r);
        if (status == HC_OK) {
            print_reply(&r);
        } else {
            print_error(status, r.error.message);
        }
        free_output(&r.sketch);
    }
    free(q.bytes.starts);
    free(q.bytes.lengths);
}
