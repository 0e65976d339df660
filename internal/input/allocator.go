// SPDX-License-Identifier: Apache-2.0

package input

import (
	"fmt"
	"strings"
	"sync"

	"github.com/apache/arrow-go/v18/arrow/memory"
)

// bounded allocates memory for pages up to a size. A page's header states its size, and a damaged one may state any. A
// larger request panics; the reader turns the panic into an error. What is freed is used again: a row group's pages are about as
// large as those of the one before.
type bounded struct {
	memory.Allocator
	most int
	free *sync.Pool // of *[]byte, with at least leastReused bytes
}

func newBounded(most int) bounded { return bounded{memory.NewGoAllocator(), most, &sync.Pool{}} }

// leastReused is the size of the smallest memory that is used again.
const leastReused = 1 << 18

func (b bounded) Allocate(size int) []byte {
	b.check(size)
	if size >= leastReused {
		if old, ok := b.free.Get().(*[]byte); ok && cap(*old) >= size {
			return (*old)[:size]
		}
	}
	return b.Allocator.Allocate(size)
}

func (b bounded) Reallocate(size int, data []byte) []byte {
	b.check(size)
	if size <= cap(data) || size < leastReused {
		return b.Allocator.Reallocate(size, data)
	}
	grown := b.Allocate(size)
	copy(grown, data)
	b.Free(data)
	return grown
}

func (b bounded) Free(data []byte) {
	if cap(data) < leastReused {
		b.Allocator.Free(data)
		return
	}
	data = data[:0]
	b.free.Put(&data)
}

// advised adds to an error of the library what its reader can do. DuckDB 2.0 computes the differences of INTEGERs in 64 bits, where the
// format lets 32 wrap around.
func advised(err error) error {
	said := err.Error()
	switch {
	case strings.Contains(said, "exceeds configured limit"):
		return fmt.Errorf("%w: a page may take an eighth of --memory, so give more, or write smaller pages", err)
	case strings.Contains(said, "exceeds INT32 range"), strings.Contains(said, "exceeds decoder width 32"):
		return fmt.Errorf("%w: DuckDB writes this for an INTEGER with PARQUET_VERSION v2: cast the column to BIGINT, or write version v1", err)
	}
	return err
}

func (b bounded) check(size int) {
	if size > b.most {
		panic(fmt.Sprintf("a page of %d bytes; --memory allows %d", size, b.most))
	}
}
