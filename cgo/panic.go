// SPDX-License-Identifier: Apache-2.0

//go:build hcpanic

package main

/*
#include "const.h"
*/
import "C"

// hc_test_panic panics, in builds for the test that shows that no panic leaves the library.
//
//export hc_test_panic
func hc_test_panic(e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	var none []int
	return C.int32_t(none[3])
}
