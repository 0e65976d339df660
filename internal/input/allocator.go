// SPDX-License-Identifier: Apache-2.0

package input

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow/memory"
)

// bounded allocates memory for pages up to a size. A page's header states its size, and a damaged one may state any. A
// larger request panics; the reader turns the panic into an error.
type bounded struct {
	memory.Allocator
	most int
}

func (b bounded) Allocate(size int) []byte {
	b.check(size)
	return b.Allocator.Allocate(size)
}

func (b bounded) Reallocate(size int, data []byte) []byte {
	b.check(size)
	return b.Allocator.Reallocate(size, data)
}

func (b bounded) check(size int) {
	if size > b.most {
		panic(fmt.Sprintf("a page of %d bytes; --memory allows %d", size, b.most))
	}
}
