/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fields.h: the fields of a protocol line: whole numbers, and bytes in lower-case hex.
 */
#ifndef DRIVER_FIELDS_H
#define DRIVER_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct field {
    char *text;
    size_t length;
} field;

/* Takes the field at *rest, up to a space or to the end; *rest is then after the space, or null. */
field next_field(char **rest, const char *end);

/* How many fields the bytes from rest to end hold; none if rest is null. */
size_t count_fields(const char *rest, const char *end);

bool field_is(field f, const char *text);

enum number_kind { NUMBER, NUMBER_TOO_BIG, NOT_A_NUMBER };

/* A decimal integer with nothing around it: an optional minus and digits. NUMBER_TOO_BIG does not fit 64 bits. */
enum number_kind parse_number(field f, int64_t *number);

/* Bytes in lower-case hex, "-" for none, written over the field's own text. Returns their count or -1. */
int64_t parse_hex(field f);

/* Prints bytes as parse_hex reads them. */
void print_hex(const uint8_t *bytes, size_t length);

#endif
