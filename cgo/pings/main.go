// SPDX-License-Identifier: Apache-2.0

// Command pings is the C library that reads pings for the Python package: the exports that headcount_pings.h declares. Built with
// -buildmode=c-shared by ../build.sh.
package main

import "C"

// main is never called, but a c-shared library needs it.
func main() {}
