// SPDX-License-Identifier: Apache-2.0

// Package machine says what a benchmark ran on.
package machine

import (
	"fmt"
	"os"
	"strings"
)

// Processor returns the processor's name with family and model, because names of virtual CPUs are generic.
func Processor() string {
	file, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "processor unknown"
	}
	fields := map[string]string{}
	for line := range strings.Lines(string(file)) {
		if key, value, ok := strings.Cut(line, ":"); ok {
			fields[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	return fmt.Sprintf("%s (family %s, model %s)", fields["model name"], fields["cpu family"], fields["model"])
}

// Load returns the load average of the last minute. Above the number of CPUs, figures are unreliable.
func Load() string {
	file, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(file), " ")
	return first
}
