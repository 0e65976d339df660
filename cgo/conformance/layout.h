/* SPDX-License-Identifier: Apache-2.0 */
/*
 * layout.h: sizes, offsets and values of headcount.h, as a C compiler sees them.
 */
#ifndef DRIVER_LAYOUT_H
#define DRIVER_LAYOUT_H

/* Prints them, one "name value" a line: what a caller in another language compares its own with. */
void print_layout(void);

#endif
