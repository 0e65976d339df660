package input

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow/memory"
)

// bounded gives memory for pages up to a size. A page's header says how large it is, and a damaged one may say
// anything: what asks for more panics, which its reader makes an error.
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
		panic(fmt.Sprintf("a page of %d bytes, where --memory allows %d", size, b.most))
	}
}
