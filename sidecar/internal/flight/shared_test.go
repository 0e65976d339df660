// SPDX-License-Identifier: Apache-2.0

package flight

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/headcount-hll/headcount/sidecar/internal/arrowcheck"
	"github.com/headcount-hll/headcount/sidecar/internal/sharedmem"
)

// words returns numbers as a message has them.
func words(numbers ...uint64) (all []byte) {
	for _, n := range numbers {
		all = binary.LittleEndian.AppendUint64(all, n)
	}
	return all
}

// filledRegion returns a region and the set it is in, what it is filled with, and its file.
func filledRegion(tb testing.TB) (*sharedmem.Regions, *sharedmem.Region, []byte, *os.File) {
	tb.Helper()
	folder, err := os.MkdirTemp("/dev/shm", "headcount-test-")
	if err != nil {
		tb.Fatal(err)
	}
	regions, err := sharedmem.New(1, time.Minute, folder)
	if err != nil {
		tb.Fatal(err)
	}
	region, err := regions.Create()
	if err != nil {
		tb.Fatal(err)
	}
	file, err := os.OpenFile(filepath.Join(folder, region.Name), os.O_RDWR, 0)
	if err != nil {
		tb.Fatal(err)
	}
	content := make([]byte, sharedmem.Size)
	random := rand.NewChaCha8([32]byte{7})
	_, _ = random.Read(content) // it has no error
	if _, err := file.WriteAt(content, 0); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := regions.Remove(region); err != nil {
			tb.Error(err)
		}
		if err := file.Close(); err != nil {
			tb.Error(err)
		}
		if err := os.RemoveAll(folder); err != nil {
			tb.Error(err)
		}
	})
	return regions, region, content, file
}

// Whatever a client says about where its bodies are, it gets an error or the bytes that were there when they were sent.
func FuzzSharedBodies(f *testing.F) {
	regions, region, content, file := filledRegion(f)
	token, err := hex.DecodeString(region.Token)
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte("sent"), words(64, 4096), words(1, 64, 100, 4000, 160))
	f.Add([]byte{}, words(0, sharedmem.Size), words(1, 0, sharedmem.Size))
	f.Add([]byte{}, words(1, 2), words(1, 1, 2, 1, 2, 2, 1))
	f.Add([]byte{1}, words(1<<63, 8), words(2, 1, 2))
	f.Add([]byte{1}, words(8, 1<<63), words(1, 1<<63, 1<<63))
	f.Add([]byte{1}, words(100, 100), words(1, 100, 101))
	f.Add([]byte("sent"), placesIn(namedPlace, token, words(64, 4096)), placesIn(namedParts, token, words(64, 100, 4000, 160)))
	f.Add([]byte{}, placesIn(namedPlace, token, words(64, 4096, 8, 8)), placesIn(namedParts, make([]byte, len(token)), words(64, 100)))
	f.Add([]byte{}, placesIn(namedPlace, token, nil), placesIn(namedParts, token, nil))
	f.Fuzz(func(t *testing.T, sent, first, second []byte) {
		if _, err := file.WriteAt(content, 0); err != nil {
			t.Fatal(err)
		}
		b := sharedBodies{region: region, regions: regions}
		defer func() {
			if b.free(); b.failed != nil {
				t.Error(b.failed)
			}
		}()
		message := arrowcheck.NewBody(sent)
		var empty arrowcheck.Body
		body, kept, err := b.body(t.Context(), &empty, first, sharedmem.Size)
		if err == nil && !kept && !bytes.Equal(body.Bytes(0, body.Len(), nil), at(content, first[len(first)-placeSize:])) {
			t.Fatalf("%x: other bytes than the region's", first)
		}
		b.free()
		l, err := b.locate(second)
		if err != nil || !l.kept {
			return
		}
		// What the client writes now must not be seen in what is kept.
		if _, err := file.WriteAt(make([]byte, 1<<16), 0); err != nil {
			t.Fatal(err)
		}
		body, _, err = b.body(t.Context(), &message, second, sharedmem.Size)
		if err != nil {
			return
		}
		want := bytes.Clone(sent)
		for parts := l.parts; len(parts) > 0; parts = parts[placeSize:] {
			want = append(want, at(content, parts)...)
		}
		if !bytes.Equal(body.Bytes(0, body.Len(), nil), want) {
			t.Fatalf("%x after %x: the body is not what was sent", second, first)
		}
	})
}

// placesIn returns the app_metadata of parts in memory that a batch names.
func placesIn(kind uint64, token, parts []byte) []byte {
	return append(append(words(kind), token...), parts...)
}

// at returns the bytes at a place.
func at(content, place []byte) []byte {
	p := placeAt(place)
	return content[p.offset : p.offset+p.length]
}
