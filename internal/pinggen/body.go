// SPDX-License-Identifier: Apache-2.0

package pinggen

import (
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"strconv"
)

// sampleID is the sample that a client belongs to.
func sampleID(id string) uint32 { return crc32.ChecksumIEEE([]byte(id)) % 100 }

// A body is what makes pings large: histograms, by name and keyed. Names and layouts are the same in all pings; the values are
// each ping's own.
type body struct {
	histograms, keyed []histogram
}

type histogram struct {
	name    string
	kind    int
	buckets []int // lower bounds
}

// bytes of a histogram in a ping, about.
const histogramBytes = 255

func newBody(random *rand.Rand, size int) *body {
	b := &body{}
	n := max(1, (size-2500)/histogramBytes)
	for i := range n {
		h := histogram{kind: []int{0, 0, 0, 1, 1, 2, 3, 4}[random.IntN(8)]}
		h.name = fmt.Sprintf("%s_%s_%d", []string{"GC", "CYCLE_COLLECTOR", "HTTP", "CACHE", "FX", "DEVTOOLS", "SSL", "PLACES"}[random.IntN(8)],
			[]string{"MS", "TIME_MS", "COUNT", "SIZE_KB", "RESULT", "ENABLED"}[random.IntN(6)], i)
		low := 1
		for range 50 {
			h.buckets = append(h.buckets, low)
			low += 1 + low/3
		}
		if i%10 == 9 {
			b.keyed = append(b.keyed, h)
		} else {
			b.histograms = append(b.histograms, h)
		}
	}
	return b
}

func (b *body) append(to []byte, random *rand.Rand) []byte {
	to = append(to, `"histograms":{`...)
	for i, h := range b.histograms {
		if i > 0 {
			to = append(to, ',')
		}
		to = append(append(append(to, '"'), h.name...), `":`...)
		to = h.append(to, random)
	}
	to = append(to, `},"keyedHistograms":{"SEARCH_COUNTS":{`...)
	to = fmt.Appendf(to, `"%s.urlbar":{"range":[1,2],"bucket_count":3,"histogram_type":4,"values":{"0":%d,"1":0},"sum":%[2]d}}`,
		pick(random, "google", 80, "yahoo", 10, "yandex", 5), random.IntN(20))
	to = fmt.Appendf(to, `,"SUBPROCESS_ABNORMAL_ABORT":{"plugin":{"range":[1,2],"bucket_count":3,"histogram_type":4,"values":{"0":%d,"1":0},"sum":%[1]d}}`, random.IntN(20)/18)
	for _, h := range b.keyed {
		to = append(append(append(to, `,"`...), h.name...), `":{"key-`...)
		to = strconv.AppendInt(to, random.Int64N(10), 10)
		to = h.append(append(to, `":`...), random)
		to = append(to, '}')
	}
	return append(to, '}')
}

// append appends a histogram with values of this ping.
func (h *histogram) append(to []byte, random *rand.Rand) []byte {
	to = append(to, `{"range":[1,`...)
	to = strconv.AppendInt(to, int64(h.buckets[len(h.buckets)-1]), 10)
	to = append(to, `],"bucket_count":50,"histogram_type":`...)
	to = strconv.AppendInt(to, int64(h.kind), 10)
	to = append(to, `,"values":{`...)
	sum := int64(0)
	at := random.IntN(30)
	for i := range 2 + random.IntN(14) {
		if i > 0 {
			to = append(to, ',')
		}
		n := random.Int64N(200)
		to = append(to, '"')
		to = strconv.AppendInt(to, int64(h.buckets[at+i]), 10)
		to = append(to, `":`...)
		to = strconv.AppendInt(to, n, 10)
		sum += n * int64(h.buckets[at+i])
	}
	to = append(to, `},"sum":`...)
	to = strconv.AppendInt(to, sum, 10)
	return append(to, `,"sum_squares_lo":0,"sum_squares_hi":0,"log_sum":0,"log_sum_squares":0}`...)
}
