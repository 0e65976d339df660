/* SPDX-License-Identifier: Apache-2.0 */
/*
 * every.h: every function of headcount.h, called once.
 */
#ifndef DRIVER_EVERY_H
#define DRIVER_EVERY_H

#include <stdbool.h>

/* Prints "function status" for each; a function that the library forgot to export fails the link. Returns
 * whether all were HC_OK. */
bool call_every(void);

#endif
