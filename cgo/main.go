// SPDX-License-Identifier: Apache-2.0

// Command cgo is the C library: the exports that headcount.h declares. Built with -buildmode=c-shared by
// build.sh.
//
// An export makes columns from the caller's memory, calls a kernel of package udf, and writes its error to the caller's
// hc_error. It allocates only for an error, keeps no pointer, and turns a panic into HC_INTERNAL.
package main

/*
#include "const.h"
*/
import "C"

// main is never called, but a c-shared library needs it.
func main() {}

// version is set by the build.
var version = "dev"
