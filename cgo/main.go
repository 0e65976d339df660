// Command cgo is the C library: the exports that headcount.h declares. Built with -buildmode=c-shared by
// build.sh.
//
// Each export is three lines: columns are made of the caller's memory, a kernel of package udf runs, its
// refusal is written to the caller's error. Nothing is allocated on the way that succeeds, nothing of the
// caller's is kept, and a panic becomes HC_INTERNAL.
package main

/*
#include "const.h"
*/
import "C"

// main is never called: a c-shared library needs one.
func main() {}

// version is set by the build.
var version = "dev"
