/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory.h: memory that grows, for a program that has nothing to do when there is none left: it says so
 * and exits.
 */
#ifndef DRIVER_MEMORY_H
#define DRIVER_MEMORY_H

#include <stddef.h>

/* realloc of count elements of size bytes; never null unless count is 0. */
void *resize(void *old, size_t count, size_t size);

#endif
