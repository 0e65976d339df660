// SPDX-License-Identifier: Apache-2.0

package baseline

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

func TestMax_EqualsMaxBytes(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 128, 256, 4096} {
		dst, src := make([]byte, n), make([]byte, n)
		for i := range src {
			dst[i], src[i] = byte(random.Uint32()), byte(random.Uint32())
		}
		want := bytes.Clone(dst)
		MaxBytes(want, src)
		if Max(dst, src); !bytes.Equal(dst, want) {
			t.Errorf("Max of %d bytes differs from MaxBytes", n)
		}
	}
}
