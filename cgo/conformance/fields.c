/* SPDX-License-Identifier: Apache-2.0 */
#include "fields.h"

#include <stdio.h>
#include <string.h>

field next_field(char **rest, const char *end) {
    char *text = *rest;
    char *space = memchr(text, ' ', (size_t)(end - text));
    *rest = space == NULL ? NULL : space + 1;
    return (field){text, (size_t)((space == NULL ? end : space) - text)};
}

size_t count_fields(const char *rest, const char *end) {
    size_t fields = rest == NULL ? 0 : 1;
    for (; rest != NULL && rest < end; rest++) {
        fields += *rest == ' ';
    }
    return fields;
}

bool field_is(field f, const char *text) {
    return f.length == strlen(text) && memcmp(f.text, text, f.length) == 0;
}

enum number_kind parse_number(field f, int64_t *number) {
    size_t sign = f.length > 0 && f.text[0] == '-' ? 1 : 0;
    if (f.length == sign) {
        return NOT_A_NUMBER;
    }
    /* Counted below zero, where there is room for one more. */
    int64_t value = 0;
    bool fits = true;
    for (size_t i = sign; i < f.length; i++) {
        char c = f.text[i];
        if (c < '0' || c > '9') {
            return NOT_A_NUMBER;
        }
        int digit = c - '0';
        fits = fits && value >= (INT64_MIN + digit) / 10;
        value = fits ? value * 10 - digit : 0;
    }
    if (sign == 0) {
        fits = fits && value != INT64_MIN;
        value = fits ? -value : 0;
    }
    *number = value;
    return fits ? NUMBER : NUMBER_TOO_BIG;
}

static int digit_value(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int64_t parse_hex(field f) {
    if (field_is(f, "-")) {
        return 0;
    }
    if (f.length == 0 || f.length % 2 != 0) {
        return -1;
    }
    for (size_t i = 0; i < f.length; i += 2) {
        int high = digit_value(f.text[i]);
        int low = digit_value(f.text[i + 1]);
        if (high < 0 || low < 0) {
            return -1;
        }
        f.text[i / 2] = (char)(high << 4 | low);
    }
    return (int64_t)(f.length / 2);
}

void print_hex(const uint8_t *bytes, size_t length) {
    static const char digits[] = "0123456789abcdef";
    char text[4096];
    if (length == 0) {
        putchar('-');
    }
    while (length > 0) {
        size_t taken = length < sizeof text / 2 ? length : sizeof text / 2;
        for (size_t i = 0; i < taken; i++) {
            text[2 * i] = digits[bytes[i] >> 4];
            text[2 * i + 1] = digits[bytes[i] & 15];
        }
        fwrite(text, 1, 2 * taken, stdout);
        bytes += taken;
        length -= taken;
    }
}
