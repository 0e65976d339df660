// SPDX-License-Identifier: Apache-2.0

package fp

import (
	"testing"

	"github.com/headcount-hll/headcount/udf/hll/internal/fp/fusetest"
)

func TestSource_HasNoFusibleProduct(t *testing.T) {
	fusetest.Check(t, ".", "log.go", "exp.go", "doc.go")
}
