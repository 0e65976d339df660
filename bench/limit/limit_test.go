// SPDX-License-Identifier: Apache-2.0

package limit

import (
	"math/rand/v2"
	"testing"
)

func TestLoopsReadEveryByte(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	src, dst, want := make([]byte, 512), make([]byte, 512), make([]byte, 512)
	var all byte
	for i := range src {
		src[i], dst[i] = byte(random.Uint32()), byte(random.Uint32())
		want[i] = max(src[i], dst[i])
		all ^= src[i]
	}
	if got := Read(src); got != all {
		t.Errorf("Read: %d, want %d", got, all)
	}
	if Max(dst, src); string(dst) != string(want) {
		t.Error("Max differs from the maximum")
	}
}
