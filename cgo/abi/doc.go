// SPDX-License-Identifier: Apache-2.0

// Package abi tests the C library as it was built: what it exports and needs, and how it bears what a caller
// can do to it. It knows the library by cgo/headcount.h alone.
//
// The programs in testdata are compiled and linked by the tests; each prints what it found wrong and ends
// with a status other than 0 if it found anything.
package abi
