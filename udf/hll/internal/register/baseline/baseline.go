// Package baseline is what the union kernel is measured against: the plain maximum, which checks nothing.
// Only benchmarks use it.
package baseline

// MaxBytes sets every dst[i] to max(dst[i], src[i]), one byte at a time.
func MaxBytes(dst, src []byte) {
	dst = dst[:len(src)]
	for i, s := range src {
		dst[i] = max(dst[i], s)
	}
}
