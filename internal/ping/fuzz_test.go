// SPDX-License-Identifier: Apache-2.0

package ping

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/klauspost/compress/snappy"
)

// fuzzed reads a file of any bytes: nothing panics, no document is larger than allowed, and documents and rejects are
// not more than the bytes.
func fuzzed(t *testing.T, name string, data []byte) {
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	const most = 1 << 16
	o := Options{MaxDocument: most, Threads: 1, Rejects: NewRejects(nil)}
	err := Each(context.Background(), []string{path}, o, func() (func(*Document) error, error) {
		return func(d *Document) error {
			if len(d.JSON) > most {
				t.Fatalf("a document of %d bytes", len(d.JSON))
			}
			return nil
		}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n, _ := o.Rejects.Count(); n+o.Rejects.Accepted() > int64(len(data)) && name == "a.heka" && len(data) > 1 && data[0] == recordSeparator {
		t.Fatalf("%d rejects, %d documents of %d bytes", n, o.Rejects.Accepted(), len(data))
	}
}

func FuzzEach_Heka(f *testing.F) {
	f.Add(tenRecords(func(i int) bool { return i%2 == 0 }, []byte("\x1e\x02\x08\x05\x1f")))
	f.Add(framed(lyingSnappy(1 << 20)))
	f.Add(framed(snappy.Encode(nil, hekaMessage(`{"a":{"b":1}}`, hekaField{"a.b", "[1]"}, hekaField{"a.b.c", "2"}))))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzed(t, "a.heka", data) })
}

func FuzzEach_JSON(f *testing.F) {
	f.Add([]byte("{\"a\":1}\n{\"a\":[1,2]}\n"))
	f.Add([]byte("{\n \"a\": {}}"))
	f.Add([]byte("\x1f\x8b\x08\x00"))
	f.Add([]byte("\x28\xb5\x2f\xfd\x00"))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzed(t, "a.json", data) })
}
