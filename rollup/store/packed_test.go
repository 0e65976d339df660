package store_test

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/headcount-hll/headcount/rollup/store"
	"github.com/headcount-hll/headcount/udf/hist"
)

func pack(t testing.TB, rows []store.Sum) (packed []byte) {
	t.Helper()
	var err error
	for _, row := range rows {
		if packed, err = store.Pack(packed, row.Histogram, row.Sum, row.Count); err != nil {
			t.Fatal(err)
		}
	}
	return packed
}

func unpack(packed []byte) (rows []store.Sum, malformed bool) {
	r := store.ReadPacked(packed)
	for r.More() {
		var row store.Sum
		r.Add(&row)
		rows = append(rows, row)
	}
	return rows, r.Malformed()
}

func randomRows(random *rand.Rand) []store.Sum {
	rows := make([]store.Sum, 1+random.IntN(20))
	for i := range rows {
		rows[i] = store.Sum{Sum: random.Int64() - random.Int64(), Count: random.Int64N(100)}
		for range random.IntN(50) {
			rows[i].Histogram = append(rows[i].Histogram, []int64{0, 0, 1, math.MaxInt64, math.MinInt64, random.Int64N(1000)}[random.IntN(6)])
		}
	}
	return rows
}

func TestPack_KeepsRows(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		want := randomRows(random)
		packed := pack(t, want)
		if got, malformed := unpack(packed); malformed || !reflect.DeepEqual(got, want) {
			t.Fatalf("%v, malformed %t: want %v", got, malformed, want)
		}
		r := store.ReadPacked(packed)
		for range want {
			r.Add(nil)
		}
		if r.More() || r.Malformed() {
			t.Fatalf("more %t, malformed %t after all rows were passed over", r.More(), r.Malformed())
		}
	}
}

func TestPackedReader_AddsToSums(t *testing.T) {
	to := store.Sum{Histogram: []int64{1, 1, 1, 1}, Sum: 1, Count: 1}
	r := store.ReadPacked(pack(t, []store.Sum{{Histogram: []int64{0, 5, math.MaxInt64}, Sum: math.MaxInt64, Count: 2}}))
	r.Add(&to)
	want := store.Sum{Histogram: []int64{1, 6, math.MaxInt64, 1}, Sum: math.MaxInt64, Count: 3}
	if r.Malformed() || !reflect.DeepEqual(to, want) {
		t.Errorf("%+v: want %+v", to, want)
	}
}

func TestPack_RejectsTooManyBuckets(t *testing.T) {
	if _, err := store.Pack(nil, make([]int64, hist.MaxBuckets+1), 0, 0); err == nil {
		t.Error("no error")
	}
}

func TestPackedReader_RejectsMalformedRows(t *testing.T) {
	for name, numbers := range map[string][]uint64{
		"no count":                    {0},
		"too many buckets":            {0, 0, hist.MaxBuckets + 1, 0},
		"more filled than buckets":    {0, 0, 2, 3, 0, 2, 0, 2, 0, 2},
		"a bucket behind the end":     {0, 0, 2, 1, 2, 2},
		"a bucket far behind the end": {0, 0, 2, 2, 0, 2, math.MaxUint64, 2},
		"fewer values than said":      {0, 0, 2, 2, 0, 2},
	} {
		var packed []byte
		for _, n := range numbers {
			packed = binary.AppendUvarint(packed, n)
		}
		if rows, malformed := unpack(packed); !malformed {
			t.Errorf("%s: read as %v", name, rows)
		}
	}
	r := store.ReadPacked([]byte{200, 1})
	if text := r.Text(); text != nil || !r.Malformed() {
		t.Errorf("a text longer than what is there: read as %q", text)
	}
}

func FuzzPackedReader(f *testing.F) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 8 {
		f.Add(pack(f, randomRows(random)))
	}
	f.Fuzz(func(t *testing.T, packed []byte) {
		rows, malformed := unpack(packed)
		if malformed {
			return
		}
		if got, malformed := unpack(pack(t, rows)); malformed || !reflect.DeepEqual(got, rows) {
			t.Errorf("%v, malformed %t: want %v", got, malformed, rows)
		}
	})
}
