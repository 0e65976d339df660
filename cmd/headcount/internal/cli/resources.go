// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/spf13/pflag"

	"github.com/headcount-hll/headcount/internal/groupby"
	"github.com/headcount-hll/headcount/udf/hll"
)

// bytesFlag is a flag that takes a number of bytes, as 512MB or 1GiB.
type bytesFlag int64

func (b *bytesFlag) String() string { return strings.ReplaceAll(humanize.Bytes(uint64(*b)), " ", "") }
func (b *bytesFlag) Type() string   { return "size" }
func (b *bytesFlag) Set(text string) error {
	n, err := humanize.ParseBytes(text)
	if err != nil || n > 1<<50 {
		return fmt.Errorf("%q is no size: write it as 512MB or 2GiB", text)
	}
	*b = bytesFlag(n)
	return nil
}

// resources are what a command may use of the machine.
type resources struct {
	memory   bytesFlag
	threads  int
	spillDir string
}

const (
	leastMemory = 128_000_000
	// What of the memory is not Go's to manage: the program itself, and the kernel's pages for it.
	outsideGo = 32_000_000
)

func (r *resources) flags(flags *pflag.FlagSet) {
	r.memory = 1_000_000_000
	flags.VarP(&r.memory, "memory", "m", "memory to use; groups beyond it are spilled to disk")
	flags.IntVar(&r.threads, "threads", runtime.GOMAXPROCS(0), "threads to use")
	flags.StringVar(&r.spillDir, "spill-dir", os.TempDir(), "folder for what does not fit the memory")
}

// apply checks the limits and holds the Go runtime to them.
func (r *resources) apply() error {
	if r.memory < leastMemory {
		least := bytesFlag(leastMemory)
		return fmt.Errorf("--memory %s is too little: at least %s", &r.memory, &least)
	}
	if r.threads < 1 {
		return fmt.Errorf("--threads %d: at least 1", r.threads)
	}
	debug.SetMemoryLimit(int64(r.memory) - outsideGo)
	return nil
}

// groupMemory is the part of the memory that groups may take; reading, writing and the garbage between two
// collections have the other.
func (r *resources) groupMemory() int64 { return (int64(r.memory) - outsideGo) / 2 }

// pageMemory is how large a page of a Parquet file may be: an eighth of the memory, since every thread has one.
func (r *resources) pageMemory() int64 { return int64(r.memory) / 8 }

// table returns an empty table of groups within the limits.
func (r *resources) table(p hll.Precision) *groupby.Table {
	return groupby.New(groupby.Options{Precision: p, Workers: r.threads, Memory: r.groupMemory(), SpillDir: r.spillDir})
}
