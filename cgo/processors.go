// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"runtime"
)

// processorsPerCPU is how many processors (Ps) Go's scheduler has here for each CPU. A thread of the host keeps its P from
// one call to the next, and Go's monitor leaves it there as long as another P is idle. With no more Ps than calling threads, as
// by default in an engine that uses all CPUs, the monitor takes each P away after each call, and wakes every 20
// microseconds to do so: RATIONALE.md, "Which Go settings matter in the host process?".
const processorsPerCPU = 4

func init() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(processorsPerCPU * runtime.GOMAXPROCS(0))
	}
}
