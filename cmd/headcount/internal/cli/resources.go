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

// bytesFlag is a flag with a number of bytes, such as 512MB or 1GiB.
type bytesFlag int64

func (b *bytesFlag) String() string { return strings.ReplaceAll(humanize.Bytes(uint64(*b)), " ", "") }
func (b *bytesFlag) Type() string   { return "size" }
func (b *bytesFlag) Set(text string) error {
	n, err := humanize.ParseBytes(text)
	if err != nil || n > 1<<50 {
		return fmt.Errorf("%q is not a size: write it as 512MB or 2GiB", text)
	}
	*b = bytesFlag(n)
	return nil
}

// resources are the limits of a command.
type resources struct {
	memory   bytesFlag
	threads  int
	spillDir string
}

const (
	leastMemory = 128_000_000
	// Memory that the Go runtime does not manage: the program itself, and the kernel's pages for it.
	outsideGo = 32_000_000
)

func (r *resources) flags(flags *pflag.FlagSet) {
	r.memory = 1_000_000_000
	flags.VarP(&r.memory, "memory", "m", "memory limit; groups that do not fit are spilled to disk")
	flags.IntVar(&r.threads, "threads", runtime.GOMAXPROCS(0), "number of threads")
	flags.StringVar(&r.spillDir, "spill-dir", os.TempDir(), "folder for spilled groups")
}

// apply checks the limits and sets them in the Go runtime.
func (r *resources) apply() error {
	if r.memory < leastMemory {
		least := bytesFlag(leastMemory)
		return fmt.Errorf("--memory %s is too small: the minimum is %s", &r.memory, &least)
	}
	if r.threads < 1 {
		return fmt.Errorf("--threads %d: the minimum is 1", r.threads)
	}
	debug.SetMemoryLimit(int64(r.memory) - outsideGo)
	return nil
}

// groupMemory is the memory limit of groups: one half. The other half is for reading, writing, and garbage between two
// collections.
func (r *resources) groupMemory() int64 { return (int64(r.memory) - outsideGo) / 2 }

// pageMemory is the largest size of a page of a Parquet file: an eighth of the memory, because each thread has one.
func (r *resources) pageMemory() int64 { return int64(r.memory) / 8 }

// table returns an empty table of groups within the limits.
func (r *resources) table(p hll.Precision) *groupby.Table {
	return groupby.New(groupby.Options{Precision: p, Workers: r.threads, Memory: r.groupMemory(), SpillDir: r.spillDir})
}
