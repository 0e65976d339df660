/* SPDX-License-Identifier: Apache-2.0 */
/*
 * protocol.h: the conformance protocol: one line in, one line out.
 */
#ifndef DRIVER_PROTOCOL_H
#define DRIVER_PROTOCOL_H

#include <stddef.h>
#include <stdint.h>

/* Prints the answer to a line, whose bytes are used up. */
void answer(char *line, size_t length);

/* Prints "error CODE message", with the code word of a status. */
void print_error(int32_t status, const char *message);

#endif
