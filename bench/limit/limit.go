// Package limit holds the least that a union of dense registers could be: loops that check nothing and
// know no format. They show what the machine gives. On amd64 they need AVX2.
package limit

// check panics unless the lengths are what the loops serve.
func check(dst, src []byte) {
	if len(dst) != len(src) || len(src) == 0 || len(src)%128 != 0 {
		panic("limit: lengths must be equal and a multiple of 128")
	}
}
