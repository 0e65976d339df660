package fp

import (
	"testing"

	"github.com/headcount-hll/headcount/udf/hll/internal/fp/fusetest"
)

func TestNoProductCanBeFused(t *testing.T) {
	fusetest.Check(t, ".", "log.go", "exp.go", "doc.go")
}
